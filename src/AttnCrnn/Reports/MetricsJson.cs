using System.Text.Json.Nodes;
using AttnCrnn.Evaluation;
using AttnCrnn.Evaluation.Statistics;
using AttnCrnn.Metrics;

namespace AttnCrnn.Reports;

/// <summary>Writes <c>metrics.json</c>: full precision, undefined values as null.</summary>
public static class MetricsJson
{
    /// <summary>File name in a run's analysis folder.</summary>
    internal const string FileName = "metrics.json";

    /// <summary>Text of the file, which <see cref="MetricsSummary.Read"/> reads.</summary>
    public static string Serialize(EvaluationResult result)
    {
        var metrics = result.Metrics;
        var json = new JsonObject
        {
            ["uar"] = ReportJson.CreateNumber(metrics.Uar),
            ["uar_ci95"] = ReportJson.CreateInterval(result.ConfidenceIntervals.Uar),
            ["accuracy"] = ReportJson.CreateNumber(metrics.Accuracy),
            ["accuracy_ci95"] = ReportJson.CreateInterval(result.ConfidenceIntervals.Accuracy),
            ["macro_f1"] = ReportJson.CreateNumber(metrics.MacroF1),
            ["macro_f1_ci95"] = ReportJson.CreateInterval(result.ConfidenceIntervals.MacroF1),
            ["macro_auc"] = ReportJson.CreateNumber(metrics.MacroAuc),
            ["macro_auc_ci95"] = ReportJson.CreateInterval(result.ConfidenceIntervals.MacroAuc),
            ["macro_average_precision"] = ReportJson.CreateNumber(metrics.MacroAveragePrecision),
            ["macro_average_precision_ci95"] = ReportJson.CreateInterval(
                result.ConfidenceIntervals.MacroAveragePrecision
            ),
            ["macro_precision"] = ReportJson.CreateNumber(metrics.MacroPrecision),
            ["macro_recall"] = ReportJson.CreateNumber(metrics.Uar), // over the classes that have clips
            ["weighted_f1"] = ReportJson.CreateNumber(metrics.WeightedF1),
            ["log_loss"] = ReportJson.CreateNumber(metrics.LogLoss),
            ["log_loss_ci95"] = ReportJson.CreateInterval(result.ConfidenceIntervals.LogLoss),
            ["ece"] = ReportJson.CreateNumber(metrics.Ece),
            ["ece_ci95"] = ReportJson.CreateInterval(result.ConfidenceIntervals.Ece),
            ["brier"] = ReportJson.CreateNumber(metrics.Brier),
            ["brier_ci95"] = ReportJson.CreateInterval(result.ConfidenceIntervals.Brier),
            ["matthews"] = ReportJson.CreateNumber(metrics.Matthews),
            ["kappa"] = ReportJson.CreateNumber(metrics.Kappa),
            ["n_clips"] = metrics.ClipCount,
            ["n_speakers"] = result.SpeakerCount,
            ["labels"] = ReportJson.CreateStrings(result.Labels),
            ["uar_classes"] = ReportJson.CreateStrings(metrics.ClassesWithClips),
            ["classes_without_clips"] = ReportJson.CreateStrings(metrics.ClassesWithoutClips),
            ["classes_without_training_clips"] = ReportJson.CreateStrings(result.Protocol.ClassesWithoutTrainingClips),
            ["classes_without_validation_clips"] = ReportJson.CreateStrings(
                result.Protocol.ClassesWithoutValidationClips
            ),
            ["confusion_matrix"] = CreateMatrix(metrics.Confusion),
            ["per_class"] = CreateClassMetrics(metrics, result.ConfidenceIntervals),
            ["split"] = CreateSplit(result.Protocol),
            ["test_set"] = TestSetUsageJson.Create(result.Protocol.TestSet),
            [TrainingOverlapJson.Name] = TrainingOverlapJson.Create(result.Protocol.Overlap),
            [TrainingOverlapJson.InitialName] = TrainingOverlapJson.Create(result.Protocol.InitialOverlap),
            ["label_map"] = LabelMapJson.Create(result.Protocol.LabelMap),
            ["repeats"] = RepeatsJson.Create(result.Repeats),
            ["training"] = TrainingFitJson.Create(result.TrainingFits),
            ["leaks"] = LeakText.CreateJson(result.Protocol.Leaks),
            ["unaudited_clips"] = result.Protocol.UnauditedClips,
            ["findings"] = FindingsText.CreateJson(result.Protocol.Findings),
            ["synthetic"] = result.Protocol.Synthetic,
            ["transductive"] = result.Protocol.SpeakerNormalization is { IsTransductive: true },
            ["adaptation"] = CreateSpeakerNormalization(result.Protocol.SpeakerNormalization),
            ["intervals"] = CreateIntervals(result.ConfidenceIntervals),
            ["calibration"] = CalibrationJson.Create(result.Calibration),
            ["groups"] = GroupJson.Create(result.Groups),
            ["folds"] = new JsonArray([.. result.Folds.Select(CreateFold)]),
            ["layer_weights"] = CreateLayerWeights(result.LayerWeights, value => value.Mean),
            ["layer_weights_deviation"] = CreateLayerWeights(result.LayerWeights, value => value.StandardDeviation),
            ["fold_uar"] = ReportJson.CreateMeanAndStd(result.FoldUar),
            ["fold_accuracy"] = ReportJson.CreateMeanAndStd(result.FoldAccuracy),
            ["fold_macro_f1"] = ReportJson.CreateMeanAndStd(result.FoldMacroF1),
            ["votes"] = CreateVotes(result.Votes),
        };
        return ReportJson.Serialize(json) + "\n";
    }

    private static JsonObject CreateSplit(EvaluationProtocol protocol) =>
        new()
        {
            ["method"] = SplitMethodNames.Format(protocol.Kind),
            ["description"] = ProtocolText.Describe(protocol),
            ["speakers_disjoint"] = protocol.SpeakersDisjoint,
            ["folds"] = protocol.Folds,
            ["leave_one_speaker_out"] = protocol.LeavesOneSpeakerOut,
            ["trained_folds"] = new JsonArray([.. protocol.TrainedFolds.Select(fold => (JsonNode)fold)]),
            ["unfinished_trainings"] = protocol.UnfinishedTrainings,
            ["warm_start"] = protocol.WarmStart,
            ["trained_corpora"] = ReportJson.CreateStrings(protocol.TrainedCorpora),
        };

    private static JsonObject? CreateSpeakerNormalization(SpeakerNormalizationReport? report) =>
        report is null
            ? null
            : new()
            {
                ["own"] = report.ClipsWithSpeakerStatistics,
                ["unnamed"] = report.ClipsWithoutSpeaker,
                ["scarce"] = report.ClipsWithInsufficientData,
                ["description"] = SpeakerNormalizationText.Summarize(report),
            };

    private static JsonObject? CreateVotes(VoteMetrics? votes) =>
        votes is null
            ? null
            : new()
            {
                ["n_clips"] = votes.ClipCount,
                ["cross_entropy"] = ReportJson.CreateNumber(votes.CrossEntropy),
                ["entropy"] = ReportJson.CreateNumber(votes.Entropy),
                ["jensen_shannon"] = ReportJson.CreateNumber(votes.JensenShannon),
                ["n_majority"] = votes.MajorityClipCount,
                ["majority_accuracy"] = ReportJson.CreateNumber(votes.MajorityAccuracy),
                ["majority_uar"] = ReportJson.CreateNumber(votes.MajorityUar),
            };

    private static JsonObject CreateIntervals(ConfidenceIntervals intervals) =>
        new()
        {
            ["unit"] = intervals.Unit == ResamplingUnit.Speaker ? "speaker" : "clip",
            ["units"] = intervals.Units,
            ["resamples"] = intervals.Resamples,
            ["method"] = "student_t", // with the standard deviation over the resamples
            ["warning"] = ConfidenceIntervalText.DescribeWarning(intervals),
            ["description"] = ConfidenceIntervalText.Describe(intervals),
        };

    private static JsonObject CreateFold(FoldMetrics fold) =>
        new()
        {
            ["fold"] = fold.Fold,
            ["n_clips"] = fold.Metrics.ClipCount,
            ["n_speakers"] = fold.Speakers,
            ["uar"] = ReportJson.CreateNumber(fold.Metrics.Uar),
            ["uar_classes"] = ReportJson.CreateStrings(fold.Metrics.ClassesWithClips),
            ["classes_without_clips"] = ReportJson.CreateStrings(fold.Metrics.ClassesWithoutClips),
            ["accuracy"] = ReportJson.CreateNumber(fold.Metrics.Accuracy),
            ["macro_f1"] = ReportJson.CreateNumber(fold.Metrics.MacroF1),
        };

    // [layers], mean or standard deviation over the models.
    private static JsonArray? CreateLayerWeights(LayerWeights? weights, Func<MeanAndStd, double?> metric) =>
        weights is null || metric(weights[0]) is null
            ? null
            : new([.. Enumerable.Range(0, weights.Count).Select(layer => (JsonNode)metric(weights[layer])!.Value)]);

    private static JsonObject CreateClassMetrics(Classification metrics, ConfidenceIntervals intervals) =>
        new(metrics.PerClass.Zip(GetClassIntervals(metrics, intervals), (classMetrics, bounds) => KeyValuePair.Create(
                    classMetrics.Label,
                    (JsonNode?)
                        new JsonObject
                        {
                            ["precision"] = ReportJson.CreateNumber(classMetrics.Precision),
                            ["recall"] = ReportJson.CreateNumber(classMetrics.Recall),
                            ["f1"] = ReportJson.CreateNumber(classMetrics.F1),
                            ["support"] = classMetrics.Support,
                            ["auc"] = ReportJson.CreateNumber(classMetrics.Auc),
                            ["average_precision"] = ReportJson.CreateNumber(classMetrics.AveragePrecision),
                            ["precision_ci95"] = ReportJson.CreateInterval(bounds.Precision),
                            ["recall_ci95"] = ReportJson.CreateInterval(bounds.Recall),
                            ["f1_ci95"] = ReportJson.CreateInterval(bounds.F1),
                            ["auc_ci95"] = ReportJson.CreateInterval(bounds.Auc),
                            ["average_precision_ci95"] = ReportJson.CreateInterval(bounds.AveragePrecision),
                        }
                )));

    private static IEnumerable<ClassIntervals> GetClassIntervals(
        Classification metrics,
        ConfidenceIntervals intervals
    ) => intervals.PerClass.Count > 0 ? intervals.PerClass : metrics.PerClass.Select(_ => default(ClassIntervals));

    private static JsonArray CreateMatrix(int[,] counts) =>
        new([
            .. Enumerable
                .Range(0, counts.GetLength(0))
                .Select(row =>
                    (JsonNode)
                        new JsonArray([
                            .. Enumerable.Range(0, counts.GetLength(1)).Select(column => (JsonNode)counts[row, column]),
                        ])
                ),
        ]);
}
