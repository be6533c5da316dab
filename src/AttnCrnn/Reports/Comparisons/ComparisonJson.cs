using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AttnCrnn.Evaluation.Statistics;
using AttnCrnn.Runs;

namespace AttnCrnn.Reports.Comparisons;

/// <summary>Writes a comparison of runs as JSON: full precision, undefined values as null.</summary>
public static class ComparisonJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The text of the JSON object.</summary>
    public static string Serialize(RunComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        var result = comparison.Runs[0].Evaluation;
        var json = new JsonObject
        {
            ["n_clips"] = result.Metrics.ClipCount,
            ["n_speakers"] = result.SpeakerCount,
            ["runs"] = new JsonArray([.. comparison.Runs.Select(CreateRun)]),
            ["pairs"] = new JsonArray([.. comparison.Pairs.Select(pair => CreatePair(comparison, pair))]),
            ["description"] = ComparisonText.DescribeMethod(comparison),
        };
        return json.ToJsonString(Options);
    }

    private static JsonObject CreateRun(ComparedRun run, int index) =>
        new()
        {
            ["name"] = ComparisonText.GetLetter(index),
            ["run"] = run.Name,
            ["uar"] = CreateNumber(run.Evaluation.Metrics.Uar),
            ["uar_ci95"] = CreateInterval(run.Evaluation.ConfidenceIntervals.Uar),
            ["accuracy"] = CreateNumber(run.Evaluation.Metrics.Accuracy),
            ["accuracy_ci95"] = CreateInterval(run.Evaluation.ConfidenceIntervals.Accuracy),
            ["macro_f1"] = CreateNumber(run.Evaluation.Metrics.MacroF1),
            ["macro_f1_ci95"] = CreateInterval(run.Evaluation.ConfidenceIntervals.MacroF1),
        };

    private static JsonObject CreatePair(RunComparison comparison, RunPair pair)
    {
        var compared = pair.Comparison;
        return new()
        {
            ["first"] = comparison.Runs[pair.First].Name,
            ["second"] = comparison.Runs[pair.Second].Name,
            ["uar_difference"] = compared.Uar.Value,
            ["uar_difference_ci95"] = CreateInterval(compared.Uar.Interval),
            ["accuracy_difference"] = compared.Accuracy.Value,
            ["accuracy_difference_ci95"] = CreateInterval(compared.Accuracy.Interval),
            ["only_first_correct"] = compared.OnlyFirstCorrect,
            ["only_second_correct"] = compared.OnlySecondCorrect,
            ["mcnemar_p"] = compared.ClipPValue,
            ["mcnemar_p_holm"] = pair.CorrectedClipPValue,
            ["wilcoxon_p"] = compared.SpeakerPValue,
            ["wilcoxon_p_holm"] = pair.CorrectedSpeakerPValue,
            ["outcome"] = ComparisonText.DescribeOutcome(pair),
        };
    }

    private static JsonValue? CreateNumber(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

    private static JsonArray? CreateInterval(ConfidenceInterval? interval) =>
        interval is { } bounds ? new JsonArray(bounds.Low, bounds.High) : null;
}
