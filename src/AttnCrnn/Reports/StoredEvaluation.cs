using AttnCrnn.Corpora.Splits;
using AttnCrnn.Evaluation;
using AttnCrnn.Evaluation.Statistics;
using AttnCrnn.IO;
using AttnCrnn.Metrics;

namespace AttnCrnn.Reports;

/// <summary>
/// An evaluation that is read back: its metrics are computed from predictions.csv, and what is not in there, such as
/// the protocol and the confidence intervals, is that of metrics.json.
/// </summary>
internal static class StoredEvaluation
{
    /// <param name="path">Path of metrics.json.</param>
    /// <param name="initialModel">
    /// Name of the model whose weights training started from, which metrics.json of earlier versions does not have.
    /// </param>
    /// <exception cref="InvalidFileException">metrics.json is damaged, or not of these predictions.</exception>
    public static EvaluationResult Read(
        string path,
        IReadOnlyList<string> labels,
        IReadOnlyList<ClipPrediction> predictions,
        IReadOnlyList<float[]> layerWeights,
        string? initialModel
    )
    {
        var json = new JsonSource(path, $"the {MetricsJson.FileName} of a run", "evaluate the run again").Read(
            int.MaxValue
        );
        if (json.GetInt32("n_clips") != predictions.Count)
            throw new InvalidFileException(
                path,
                null,
                $"{json.GetInt32("n_clips")} clips",
                $"those of {PredictionsCsv.FileName}, which has {predictions.Count}",
                "evaluate the run again"
            );
        var stored = json.GetStrings("labels");
        try
        {
            var result = EvaluationResult.Restore(
                stored.Count == labels.Count ? stored : labels,
                predictions,
                ReadProtocol(json, predictions, initialModel),
                ReadIntervals(json, labels, predictions),
                layerWeights.Count > 0 ? new(layerWeights) : null,
                ReadVotes(json),
                GroupJson.Read(json)
            );
            return result.WithTrainingFits(TrainingFitJson.Read(json)).WithRepeats(RepeatsJson.Read(json));
        }
        // The file may be edited.
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            throw new InvalidFileException(
                Path.Combine(Path.GetDirectoryName(path)!, PredictionsCsv.FileName),
                null,
                exception.Message,
                "one prediction per clip, with the probabilities of all classes",
                "evaluate the run again"
            );
        }
    }

    private static EvaluationProtocol ReadProtocol(
        JsonCursor json,
        IReadOnlyList<ClipPrediction> predictions,
        string? initialModel
    )
    {
        var split = json.GetObject("split");
        int[] folds = [.. predictions.Select(clip => clip.Fold).OfType<int>().Distinct().Order()];
        return new()
        {
            // Earlier versions stored neither the folds nor the initial model.
            Stored = new(
                ParseKind(split.Get("method")),
                split.GetString("description"),
                split.Find("folds")?.AsInt32() ?? folds.Length,
                split.Find("leave_one_speaker_out")?.AsBoolean() ?? false
            ),
            SpeakersDisjoint = split.GetBoolean("speakers_disjoint"),
            TrainedFolds = folds,
            UnfinishedTrainings = split.Find("unfinished_trainings")?.AsInt32() ?? 0,
            WarmStart = split.Find("warm_start") is { } warmStart ? warmStart.AsString() : initialModel,
            TrainedCorpora = split.FindStrings("trained_corpora"),
            ClassesWithoutTrainingClips = json.FindStrings("classes_without_training_clips"),
            ClassesWithoutValidationClips = json.FindStrings("classes_without_validation_clips"),
            Leaks = LeakText.ReadJson(json),
            UnauditedClips = json.Find("unaudited_clips")?.AsInt32() ?? 0,
            Findings = FindingsText.ReadJson(json),
            TestSet = TestSetUsageJson.Read(json),
            Overlap = TrainingOverlapJson.Read(json, TrainingOverlapJson.Name),
            InitialOverlap = TrainingOverlapJson.Read(json, TrainingOverlapJson.InitialName),
            LabelMap = LabelMapJson.Read(json),
            Synthetic = json.GetBoolean("synthetic"),
            SpeakerNormalization = MetricsSummary.ReadSpeakerNormalization(json),
        };
    }

    private static SplitKind? ParseKind(JsonCursor method) =>
        SplitMethodNames.TryParse(method.AsString(), out var kind)
            ? kind
            : throw method.Unexpected("a split method of this version");

    private static ConfidenceIntervals ReadIntervals(
        JsonCursor json,
        IReadOnlyList<string> labels,
        IReadOnlyList<ClipPrediction> predictions
    )
    {
        var method = json.GetObject("intervals");
        var unit = method.GetString("unit") == "speaker" ? ResamplingUnit.Speaker : ResamplingUnit.Clip;
        return new(
            MetricsSummary.ReadInterval(json, "uar_ci95"),
            MetricsSummary.ReadInterval(json, "accuracy_ci95"),
            MetricsSummary.ReadInterval(json, "macro_f1_ci95"),
            MetricsSummary.ReadInterval(json, "macro_auc_ci95"),
            unit,
            method.GetInt32("units"),
            predictions.Count(clip => clip.Speaker is null),
            method.GetInt32("resamples")
        )
        {
            Description = method.GetString("description"),
            MacroAveragePrecision = MetricsSummary.FindInterval(json, "macro_average_precision_ci95"),
            LogLoss = MetricsSummary.FindInterval(json, "log_loss_ci95"),
            Brier = MetricsSummary.FindInterval(json, "brier_ci95"),
            Ece = MetricsSummary.FindInterval(json, "ece_ci95"),
            SparseClasses = ConfidenceIntervals.FindSparseClasses(labels, predictions, new(predictions, resamples: 1)),
            PerClass = ReadClassIntervals(json.GetObject("per_class"), labels),
        };
    }

    // Files of earlier versions have no intervals of classes.
    private static IReadOnlyList<ClassIntervals> ReadClassIntervals(JsonCursor classes, IReadOnlyList<string> labels) =>
        labels.All(label => classes.Find(label)?.Find("recall_ci95") is not null)
            ? [.. labels.Select(label => ReadClassIntervals(classes.GetObject(label)))]
            : [];

    private static ClassIntervals ReadClassIntervals(JsonCursor metrics) =>
        new(
            MetricsSummary.ReadInterval(metrics, "recall_ci95"),
            MetricsSummary.ReadInterval(metrics, "precision_ci95"),
            MetricsSummary.ReadInterval(metrics, "f1_ci95")
        )
        {
            Auc = MetricsSummary.FindInterval(metrics, "auc_ci95"),
            AveragePrecision = MetricsSummary.FindInterval(metrics, "average_precision_ci95"),
        };

    private static VoteMetrics? ReadVotes(JsonCursor json) =>
        json.Find("votes") is { IsObject: true } votes
            ? new(
                votes.GetInt32("n_clips"),
                MetricsSummary.ReadMetric(votes, "cross_entropy"),
                MetricsSummary.ReadMetric(votes, "entropy"),
                MetricsSummary.ReadMetric(votes, "jensen_shannon"),
                votes.GetInt32("n_majority"),
                MetricsSummary.ReadMetric(votes, "majority_accuracy"),
                MetricsSummary.ReadMetric(votes, "majority_uar")
            )
            : null;
}
