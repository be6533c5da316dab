using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AttnCrnn.Evaluation.Statistics;
using AttnCrnn.Metrics;

namespace AttnCrnn.Evaluation;

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
    public static string Text(EvaluationResult result)
    {
        var metrics = result.Metrics;
        var json = new JsonObject
        {
            ["uar"] = Number(metrics.Uar),
            ["uar_ci95"] = Pair(result.ConfidenceIntervals.Uar),
            ["accuracy"] = Number(metrics.Accuracy),
            ["accuracy_ci95"] = Pair(result.ConfidenceIntervals.Accuracy),
            ["macro_f1"] = Number(metrics.MacroF1),
            ["macro_f1_ci95"] = Pair(result.ConfidenceIntervals.MacroF1),
            ["macro_auc"] = Number(metrics.MacroAuc),
            ["macro_auc_ci95"] = Pair(result.ConfidenceIntervals.MacroAuc),
            ["macro_precision"] = Number(metrics.MacroPrecision),
            ["macro_recall"] = Number(metrics.MacroRecall),
            ["weighted_f1"] = Number(metrics.WeightedF1),
            ["log_loss"] = Number(metrics.LogLoss),
            ["ece"] = Number(metrics.Ece),
            ["brier"] = Number(metrics.Brier),
            ["matthews"] = Number(metrics.Matthews),
            ["kappa"] = Number(metrics.Kappa),
            ["n_clips"] = metrics.ClipCount,
            ["n_speakers"] = result.SpeakerCount,
            ["labels"] = new JsonArray([.. result.Labels.Select(label => (JsonNode)label)]),
            ["confusion_matrix"] = Matrix(metrics.Confusion),
            ["per_class"] = PerClass(metrics),
            ["split"] = Split(result.Protocol),
            ["synthetic"] = result.Protocol.Synthetic,
            ["transductive"] = result.Protocol.SpeakerNormalization is { IsTransductive: true },
            ["adaptation"] = Adaptation(result.Protocol.SpeakerNormalization),
            ["intervals"] = Intervals(result.ConfidenceIntervals),
            ["folds"] = new JsonArray([.. result.Folds.Select(Fold)]),
            ["layer_weights"] = Weights(result.LayerWeights, value => value.Mean),
            ["layer_weights_deviation"] = Weights(result.LayerWeights, value => value.StandardDeviation),
            ["fold_uar"] = MeanAndStd(result.FoldUar),
            ["fold_accuracy"] = MeanAndStd(result.FoldAccuracy),
            ["fold_macro_f1"] = MeanAndStd(result.FoldMacroF1),
        };
        return json.ToJsonString(Options) + "\n";
    }

    private static JsonObject Split(EvaluationProtocol protocol) =>
        new()
        {
            ["method"] = protocol.Method,
            ["description"] = protocol.Description,
            ["speakers_disjoint"] = protocol.SpeakersDisjoint,
        };

    private static JsonObject? Adaptation(SpeakerNormalizationReport? report) =>
        report is null
            ? null
            : new()
            {
                ["own"] = report.OwnStatistics,
                ["unnamed"] = report.SpeakerUnknown,
                ["scarce"] = report.TooFewFrames,
                ["description"] = report.ToString(),
            };

    private static JsonObject Intervals(ConfidenceIntervals intervals) =>
        new()
        {
            ["unit"] = intervals.Unit,
            ["units"] = intervals.Units,
            ["resamples"] = intervals.Resamples,
            ["description"] = intervals.Description,
        };

    private static JsonObject Fold(FoldMetrics fold) =>
        new()
        {
            ["fold"] = fold.Fold,
            ["n_clips"] = fold.Metrics.ClipCount,
            ["n_speakers"] = fold.Speakers,
            ["uar"] = Number(fold.Metrics.Uar),
            ["accuracy"] = Number(fold.Metrics.Accuracy),
            ["macro_f1"] = Number(fold.Metrics.MacroF1),
        };

    // [layers], mean or standard deviation over the models.
    private static JsonArray? Weights(LayerWeights? weights, Func<MeanAndStd, double?> metric) =>
        weights is null || metric(weights[0]) is null
            ? null
            : new([.. Enumerable.Range(0, weights.Count).Select(layer => (JsonNode)metric(weights[layer])!.Value)]);

    private static JsonObject PerClass(Classification metrics) =>
        new(
            metrics.PerClass.Select(classMetrics =>
                KeyValuePair.Create(
                    classMetrics.Label,
                    (JsonNode?)
                        new JsonObject
                        {
                            ["precision"] = Number(classMetrics.Precision),
                            ["recall"] = Number(classMetrics.Recall),
                            ["f1"] = Number(classMetrics.F1),
                            ["support"] = classMetrics.Support,
                            ["auc"] = Number(classMetrics.Auc),
                        }
                )
            )
        );

    private static JsonArray Matrix(int[,] counts) =>
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

    private static JsonValue? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

    private static JsonArray? Pair(ConfidenceInterval? interval) =>
        interval is { } bounds ? new JsonArray(bounds.Low, bounds.High) : null;

    private static JsonObject? MeanAndStd(MeanAndStd? statistics) =>
        statistics is { } value
            ? new JsonObject { ["mean"] = value.Mean, ["deviation"] = value.StandardDeviation }
            : null;
}
