using System.Globalization;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Evaluation;
using AttnCrnn.Evaluation.Statistics;
using AttnCrnn.Reports;

namespace AttnCrnn.Cli.Commands;

/// <summary>The summary of an evaluation on the console.</summary>
internal static class EvaluationSummary
{
    private const int MetricIndent = 9; // the width of a metric's name

    /// <summary>Prints the main metrics, with four digits.</summary>
    public static void Print(ConsoleOutput console, EvaluationResult result)
    {
        static string FormatMetric(string name, double metric, ConfidenceInterval? interval) =>
            $"{name, -8} {metric:0.0000}"
            + (interval is { } bounds ? $"  (95% {bounds.Low:0.0000} to {bounds.High:0.0000})" : "");
        if (result.Protocol.Synthetic)
            console.WriteResultText(
                "SYNTHETIC recordings: the metrics only show that the program works; they are not "
                    + "valid for real speech",
                indent: 0
            );
        console.WriteResultText($"split    {ProtocolText.Describe(result.Protocol)}", MetricIndent);
        if (result.Protocol.SpeakerNormalization is { } adaptation)
            console.WriteResultText($"note     {SpeakerNormalizationText.Summarize(adaptation)}", MetricIndent);
        console.WriteResult(FormatMetric("UAR", result.Metrics.Uar, result.ConfidenceIntervals.Uar));
        console.WriteResult(FormatMetric("accuracy", result.Metrics.Accuracy, result.ConfidenceIntervals.Accuracy));
        console.WriteResult(FormatMetric("macro F1", result.Metrics.MacroF1, result.ConfidenceIntervals.MacroF1));
        var speakers = result.SpeakerCount == 1 ? "speaker" : "speakers";
        console.WriteResult(
            $"clips    {result.Metrics.ClipCount} of {result.SpeakerCount} {speakers}, "
                + ClassCoverageText.CountClasses(result)
        );
        if (ConfidenceIntervalText.DescribeWarning(result.ConfidenceIntervals) is { } warning)
            console.WriteResultText($"warning  {warning}", MetricIndent);
        if (ClassCoverageText.Describe(result) is { } coverage)
            console.WriteResultText($"classes  {coverage}", MetricIndent);
        if (LabelMapText.Describe(result) is { } labelMap)
            console.WriteResultText($"labels   {labelMap}", MetricIndent);
        if (result.TrainingFits is { Count: > 0 } fits)
            console.WriteResultText($"training {TrainingFitText.Describe(fits)}", MetricIndent);
        if (result.Votes is { } votes)
            console.WriteResultText($"votes    {VoteText.Describe(votes)}", MetricIndent);
        if (result.FoldUar is { } foldUar)
            console.WriteResult(
                $"folds    UAR {foldUar.Mean:0.0000}"
                    + (foldUar.StandardDeviation is { } standardDeviation ? $" ± {standardDeviation:0.0000}" : "")
                    + $" over {result.Folds.Count}"
                    + (ClassCoverageText.HaveEqualClasses(result.Folds) ? "" : " with different classes")
            );
        if (result.Repeats is { } repeats)
            console.WriteResultText($"seeds    {RepeatsText.Describe(repeats)}", MetricIndent);
        if (result.LayerWeights is { } layers)
        {
            var largestWeights = layers
                .LayersByWeight.Take(3)
                .Select(layer =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{layer} (weight {layers[layer].Mean:0.0000}, {100 * layers.RelativeWeight(layer):0}%)"
                    )
                );
            console.WriteResultText(
                $"layers   {string.Join(", ", largestWeights)} have the largest weights of 0 to {layers.Count - 1}",
                MetricIndent
            );
        }
    }
}
