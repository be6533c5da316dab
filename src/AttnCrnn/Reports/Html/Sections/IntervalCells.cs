using AttnCrnn.Evaluation.Statistics;

namespace AttnCrnn.Reports.Html.Sections;

/// <summary>How tables write confidence intervals; a dash where there is none.</summary>
internal static class IntervalCells
{
    /// <summary>Such as <c>61.2% to 70.1%</c>.</summary>
    public static string FormatPercent(ConfidenceInterval? interval) => Format(interval, HtmlNumbers.FormatPercent);

    /// <summary>Such as <c>0.6120 to 0.7010</c>.</summary>
    public static string FormatNumber(ConfidenceInterval? interval) => Format(interval, HtmlNumbers.FormatNumber);

    private static string Format(ConfidenceInterval? interval, Func<double, string> format) =>
        interval is { } bounds ? $"{format(bounds.Low)} to {format(bounds.High)}" : "–";
}
