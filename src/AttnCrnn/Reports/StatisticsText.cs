using System.Text;
using AttnCrnn.Evaluation;

namespace AttnCrnn.Reports;

/// <summary>The lines of classification_report.txt about further metrics, calibration, and groups of clips.</summary>
internal static class StatisticsText
{
    /// <summary>Lines, each with its line break.</summary>
    public static string Describe(EvaluationResult result)
    {
        var metrics = result.Metrics;
        var intervals = result.ConfidenceIntervals;
        var text = new StringBuilder();
        if (ConfidenceIntervalText.DescribeWarning(intervals) is { } warning)
            text.Append("warning: ").Append(warning).Append('\n');
        text.Append(FormattableString.Invariant($"macro AUC: {metrics.MacroAuc:0.0000}"))
            .Append(intervals.MacroAuc is null ? "" : $" (95% CI {ConfidenceIntervalText.Format(intervals.MacroAuc)})")
            .Append('\n')
            .Append(FormattableString.Invariant($"macro average precision: {metrics.MacroAveragePrecision:0.0000}\n"))
            .Append(FormattableString.Invariant($"log loss: {metrics.LogLoss:0.0000}\n"))
            .Append(FormattableString.Invariant($"Brier score: {metrics.Brier:0.0000}\n"))
            .Append(FormattableString.Invariant($"expected calibration error: {metrics.Ece:0.0000}\n"))
            .Append(CalibrationText.Describe(result.Calibration))
            .Append('\n');
        foreach (var comparison in result.Groups)
            text.Append("by ").Append(GroupText.Describe(comparison)).Append('\n');
        return text.ToString();
    }
}
