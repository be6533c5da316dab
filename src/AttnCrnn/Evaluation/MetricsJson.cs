using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AttnCrnn.Metrics;

namespace AttnCrnn.Evaluation;

/// <summary>The figures as <c>metrics.json</c> has them: full precision, what is undefined as null.</summary>
public static class MetricsJson
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text of the file; <see cref="MetricsSummary.Read"/> reads it back.</summary>
    public static string Text(EvaluationResult result)
    {
        var figures = result.Figures;
        var json = new JsonObject
        {
            ["uar"] = Number(figures.Uar), ["uar_ci95"] = Pair(result.Intervals.Uar), ["accuracy"] = Number(figures.Accuracy), ["accuracy_ci95"] = Pair(result.Intervals.Accuracy),
            ["macro_f1"] = Number(figures.MacroF1), ["macro_f1_ci95"] = Pair(result.Intervals.MacroF1), ["macro_auc"] = Number(figures.MacroAuc),
            ["macro_auc_ci95"] = Pair(result.Intervals.MacroAuc), ["macro_precision"] = Number(figures.MacroPrecision), ["macro_recall"] = Number(figures.MacroRecall),
            ["weighted_f1"] = Number(figures.WeightedF1), ["log_loss"] = Number(figures.LogLoss), ["ece"] = Number(figures.Ece), ["brier"] = Number(figures.Brier),
            ["matthews"] = Number(figures.Matthews), ["kappa"] = Number(figures.Kappa),
            ["n_clips"] = figures.ClipCount, ["n_speakers"] = result.SpeakerCount, ["labels"] = new JsonArray([.. result.Labels.Select(label => (JsonNode)label)]),
            ["confusion_matrix"] = Matrix(figures.Confusion), ["per_class"] = PerClass(figures),
            ["split"] = new JsonObject
            {
                ["method"] = result.Protocol.Method, ["description"] = result.Protocol.Description, ["speakers_disjoint"] = result.Protocol.SpeakersDisjoint,
            },
            ["synthetic"] = result.Protocol.Synthetic, ["transductive"] = result.Protocol.Adaptation is { IsTransductive: true },
            ["adaptation"] = result.Protocol.Adaptation is { } adaptation
                ? new JsonObject { ["own"] = adaptation.Own, ["unnamed"] = adaptation.Unnamed, ["scarce"] = adaptation.Scarce, ["description"] = adaptation.ToString() }
                : null,
            ["intervals"] = new JsonObject
            {
                ["unit"] = result.Intervals.Unit, ["units"] = result.Intervals.Units, ["resamples"] = result.Intervals.Resamples, ["description"] = result.Intervals.Description,
            },
            ["folds"] = new JsonArray([.. result.Folds.Select(fold => (JsonNode)new JsonObject
            {
                ["fold"] = fold.Fold, ["n_clips"] = fold.Figures.ClipCount, ["n_speakers"] = fold.Speakers, ["uar"] = Number(fold.Figures.Uar),
                ["accuracy"] = Number(fold.Figures.Accuracy), ["macro_f1"] = Number(fold.Figures.MacroF1),
            })]),
            ["layer_weights"] = Weights(result.LayerWeights, of => of.Mean), ["layer_weights_deviation"] = Weights(result.LayerWeights, of => of.Deviation),
            ["fold_uar"] = Spread(result.FoldUar), ["fold_accuracy"] = Spread(result.FoldAccuracy), ["fold_macro_f1"] = Spread(result.FoldMacroF1),
        };
        return json.ToJsonString(Options) + "\n";
    }

    // [layers], means over the folds and their deviations; without folds the weights themselves.
    private static JsonArray? Weights(LayerWeights? weights, Func<Spread, double?> figure) => weights is null || figure(weights[0]) is null
        ? null
        : new([.. Enumerable.Range(0, weights.Count).Select(layer => (JsonNode)figure(weights[layer])!.Value)]);

    private static JsonObject PerClass(Classification figures) => new(figures.PerClass.Select(of => KeyValuePair.Create(of.Label, (JsonNode?)new JsonObject
    {
        ["precision"] = Number(of.Precision), ["recall"] = Number(of.Recall), ["f1"] = Number(of.F1), ["support"] = of.Support, ["auc"] = Number(of.Auc),
    })));

    private static JsonArray Matrix(int[,] counts) => new([.. Enumerable.Range(0, counts.GetLength(0))
        .Select(row => (JsonNode)new JsonArray([.. Enumerable.Range(0, counts.GetLength(1)).Select(column => (JsonNode)counts[row, column])]))]);

    private static JsonValue? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

    private static JsonArray? Pair(Interval? interval) => interval is { } of ? new JsonArray(of.Low, of.High) : null;

    private static JsonObject? Spread(Spread? spread) => spread is { } of ? new JsonObject { ["mean"] = of.Mean, ["deviation"] = of.Deviation } : null;
}
