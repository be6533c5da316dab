using System.Text.Json.Nodes;
using AttnCrnn.Runs;

namespace AttnCrnn.Reports.Comparisons;

/// <summary>Writes a comparison of runs as JSON: full precision, undefined values as null.</summary>
public static class ComparisonJson
{
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
            ["warning"] = ConfidenceIntervalText.DescribeWarning(result.ConfidenceIntervals),
            ["description"] = ComparisonText.DescribeMethod(comparison),
            ["leakage"] = SplitLeakage.Describe(comparison),
            ["advantage"] = ComparisonConditions.DescribeAdvantage(comparison),
            ["option_differences"] = CreateDifferences(comparison),
        };
        return ReportJson.Serialize(json);
    }

    private static JsonArray? CreateDifferences(RunComparison comparison) =>
        ComparisonConditions.ListDifferences(comparison) is { } differences
            ? new([
                .. differences.Select(difference =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["option"] = difference.Option,
                            ["values"] = ReportJson.CreateStrings(difference.Values),
                        }
                ),
            ])
            : null;

    private static JsonObject CreateRun(ComparedRun run, int index) =>
        new()
        {
            ["name"] = ComparisonText.GetLetter(index),
            ["run"] = run.Name,
            ["uar"] = ReportJson.CreateNumber(run.Evaluation.Metrics.Uar),
            ["uar_ci95"] = ReportJson.CreateInterval(run.Evaluation.ConfidenceIntervals.Uar),
            ["accuracy"] = ReportJson.CreateNumber(run.Evaluation.Metrics.Accuracy),
            ["accuracy_ci95"] = ReportJson.CreateInterval(run.Evaluation.ConfidenceIntervals.Accuracy),
            ["macro_f1"] = ReportJson.CreateNumber(run.Evaluation.Metrics.MacroF1),
            ["macro_f1_ci95"] = ReportJson.CreateInterval(run.Evaluation.ConfidenceIntervals.MacroF1),
            ["description"] = ComparisonConditions.Describe(run),
        };

    private static JsonObject CreatePair(RunComparison comparison, RunPair pair)
    {
        var compared = pair.Comparison;
        return new()
        {
            ["first"] = comparison.Runs[pair.First].Name,
            ["second"] = comparison.Runs[pair.Second].Name,
            ["uar_difference"] = compared.Uar.Value,
            ["uar_difference_ci95"] = ReportJson.CreateInterval(compared.Uar.Interval),
            ["accuracy_difference"] = compared.Accuracy.Value,
            ["accuracy_difference_ci95"] = ReportJson.CreateInterval(compared.Accuracy.Interval),
            ["only_first_correct"] = compared.OnlyFirstCorrect,
            ["only_second_correct"] = compared.OnlySecondCorrect,
            ["mcnemar_p"] = compared.ClipPValue,
            ["mcnemar_p_holm"] = pair.CorrectedClipPValue,
            ["wilcoxon_p"] = compared.SpeakerPValue,
            ["wilcoxon_p_holm"] = pair.CorrectedSpeakerPValue,
            ["outcome"] = ComparisonText.DescribeOutcome(pair),
            ["repeats"] = SeedComparison.Read(comparison.Runs[pair.First], comparison.Runs[pair.Second])?.ToJson(),
        };
    }
}
