using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Evaluation;
using AttnCrnn.Evaluation.Statistics;
using AttnCrnn.Metrics;

namespace AttnCrnn.Reports;

/// <summary>Writes <c>metrics.json</c>: full precision, undefined values as null.</summary>
public static class MetricsJson
{
    /// <summary>File name in a run's analysis folder.</summary>
    internal const string FileName = "metrics.json";

    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Text of the file, which <see cref="MetricsSummary.Read"/> reads.</summary>
    public static string Serialize(EvaluationResult result)
    {
        var metrics = result.Metrics;
        var json = new JsonObject
        {
            ["uar"] = CreateNumber(metrics.Uar),
            ["uar_ci95"] = CreatePair(result.ConfidenceIntervals.Uar),
            ["accuracy"] = CreateNumber(metrics.Accuracy),
            ["accuracy_ci95"] = CreatePair(result.ConfidenceIntervals.Accuracy),
            ["macro_f1"] = CreateNumber(metrics.MacroF1),
            ["macro_f1_ci95"] = CreatePair(result.ConfidenceIntervals.MacroF1),
            ["macro_auc"] = CreateNumber(metrics.MacroAuc),
            ["macro_auc_ci95"] = CreatePair(result.ConfidenceIntervals.MacroAuc),
            ["macro_precision"] = CreateNumber(metrics.MacroPrecision),
            ["macro_recall"] = CreateNumber(metrics.Uar), // over the classes that have clips
            ["weighted_f1"] = CreateNumber(metrics.WeightedF1),
            ["log_loss"] = CreateNumber(metrics.LogLoss),
            ["ece"] = CreateNumber(metrics.Ece),
            ["brier"] = CreateNumber(metrics.Brier),
            ["matthews"] = CreateNumber(metrics.Matthews),
            ["kappa"] = CreateNumber(metrics.Kappa),
            ["n_clips"] = metrics.ClipCount,
            ["n_speakers"] = result.SpeakerCount,
            ["labels"] = CreateStrings(result.Labels),
            ["uar_classes"] = CreateStrings(metrics.ClassesWithClips),
            ["classes_without_clips"] = CreateStrings(metrics.ClassesWithoutClips),
            ["classes_without_training_clips"] = CreateStrings(result.Protocol.ClassesWithoutTrainingClips),
            ["classes_without_validation_clips"] = CreateStrings(result.Protocol.ClassesWithoutValidationClips),
            ["confusion_matrix"] = CreateMatrix(metrics.Confusion),
            ["per_class"] = CreateClassMetrics(metrics),
            ["split"] = CreateSplit(result.Protocol),
            ["synthetic"] = result.Protocol.Synthetic,
            ["transductive"] = result.Protocol.SpeakerNormalization is { IsTransductive: true },
            ["adaptation"] = CreateSpeakerNormalization(result.Protocol.SpeakerNormalization),
            ["intervals"] = CreateIntervals(result.ConfidenceIntervals),
            ["folds"] = new JsonArray([.. result.Folds.Select(CreateFold)]),
            ["layer_weights"] = CreateLayerWeights(result.LayerWeights, value => value.Mean),
            ["layer_weights_deviation"] = CreateLayerWeights(result.LayerWeights, value => value.StandardDeviation),
            ["fold_uar"] = CreateMeanAndStd(result.FoldUar),
            ["fold_accuracy"] = CreateMeanAndStd(result.FoldAccuracy),
            ["fold_macro_f1"] = CreateMeanAndStd(result.FoldMacroF1),
            ["votes"] = CreateVotes(result.Votes),
        };
        return json.ToJsonString(Options) + "\n";
    }

    private static JsonObject CreateSplit(EvaluationProtocol protocol) =>
        new()
        {
            ["method"] = GetMethod(protocol),
            ["description"] = ProtocolText.Describe(protocol),
            ["speakers_disjoint"] = protocol.SpeakersDisjoint,
        };

    private static string GetMethod(EvaluationProtocol protocol) =>
        protocol.Split?.Kind switch
        {
            null => "given",
            SplitKind.Speaker => "speaker",
            SplitKind.Clip => "clips",
            SplitKind.Random => "random",
            SplitKind.SpeakerList => "speaker_list",
            SplitKind.Manifest => "manifest",
            var unsupported => throw new InvalidOperationException($"a split by {unsupported}"),
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
                ["cross_entropy"] = CreateNumber(votes.CrossEntropy),
                ["entropy"] = CreateNumber(votes.Entropy),
                ["jensen_shannon"] = CreateNumber(votes.JensenShannon),
                ["n_majority"] = votes.MajorityClipCount,
                ["majority_accuracy"] = CreateNumber(votes.MajorityAccuracy),
                ["majority_uar"] = CreateNumber(votes.MajorityUar),
            };

    private static JsonObject CreateIntervals(ConfidenceIntervals intervals) =>
        new()
        {
            ["unit"] = intervals.Unit == ResamplingUnit.Speaker ? "speaker" : "clip",
            ["units"] = intervals.Units,
            ["resamples"] = intervals.Resamples,
            ["description"] = ConfidenceIntervalText.Describe(intervals),
        };

    private static JsonObject CreateFold(FoldMetrics fold) =>
        new()
        {
            ["fold"] = fold.Fold,
            ["n_clips"] = fold.Metrics.ClipCount,
            ["n_speakers"] = fold.Speakers,
            ["uar"] = CreateNumber(fold.Metrics.Uar),
            ["uar_classes"] = CreateStrings(fold.Metrics.ClassesWithClips),
            ["classes_without_clips"] = CreateStrings(fold.Metrics.ClassesWithoutClips),
            ["accuracy"] = CreateNumber(fold.Metrics.Accuracy),
            ["macro_f1"] = CreateNumber(fold.Metrics.MacroF1),
        };

    // [layers], mean or standard deviation over the models.
    private static JsonArray? CreateLayerWeights(LayerWeights? weights, Func<MeanAndStd, double?> metric) =>
        weights is null || metric(weights[0]) is null
            ? null
            : new([.. Enumerable.Range(0, weights.Count).Select(layer => (JsonNode)metric(weights[layer])!.Value)]);

    private static JsonObject CreateClassMetrics(Classification metrics) =>
        new(
            metrics.PerClass.Select(classMetrics =>
                KeyValuePair.Create(
                    classMetrics.Label,
                    (JsonNode?)
                        new JsonObject
                        {
                            ["precision"] = CreateNumber(classMetrics.Precision),
                            ["recall"] = CreateNumber(classMetrics.Recall),
                            ["f1"] = CreateNumber(classMetrics.F1),
                            ["support"] = classMetrics.Support,
                            ["auc"] = CreateNumber(classMetrics.Auc),
                        }
                )
            )
        );

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

    private static JsonArray CreateStrings(IReadOnlyList<string> texts) =>
        new([.. texts.Select(text => (JsonNode)text)]);

    private static JsonValue? CreateNumber(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

    private static JsonArray? CreatePair(ConfidenceInterval? interval) =>
        interval is { } bounds ? new JsonArray(bounds.Low, bounds.High) : null;

    private static JsonObject? CreateMeanAndStd(MeanAndStd? statistics) =>
        statistics is { } value
            ? new JsonObject
            {
                ["mean"] = value.Mean,

                ["deviation"] = value.StandardDeviation,
            }
            : null;
}
