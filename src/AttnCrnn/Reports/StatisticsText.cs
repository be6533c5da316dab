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
        text.Append(ConfidenceIntervalText.FormatLine("macro AUC", metrics.MacroAuc, intervals.MacroAuc))
            .Append(
                ConfidenceIntervalText.FormatLine(
                    "macro average precision",
                    metrics.MacroAveragePrecision,
                    intervals.MacroAveragePrecision
                )
            )
            .Append(ConfidenceIntervalText.FormatLine("log loss", metrics.LogLoss, intervals.LogLoss))
            .Append(ConfidenceIntervalText.FormatLine("Brier score", metrics.Brier, intervals.Brier))
            .Append(ConfidenceIntervalText.FormatLine("expected calibration error", metrics.Ece, intervals.Ece))
            .Append(CalibrationText.Describe(result.Calibration))
            .Append('\n');
        foreach (var comparison in result.Groups)
            text.Append("by ").Append(GroupText.Describe(comparison)).Append('\n');
        return text.ToString();
    }
}
