using System.Globalization;
using AttnCrnn.Evaluation;

namespace AttnCrnn.Reports.Html;

/// <summary>How the report writes numbers; a dash for NaN.</summary>
internal static class HtmlNumbers
{
    public static string FormatPercent(double fraction) =>
        double.IsNaN(fraction) ? "–" : (100 * fraction).ToString("0.0", CultureInfo.InvariantCulture) + "%";

    public static string FormatNumber(double value) =>
        double.IsNaN(value) ? "–" : value.ToString("0.0000", CultureInfo.InvariantCulture);

    public static string FormatInteger(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Mean and standard deviation, or the mean alone if there is one value.</summary>
    /// <param name="format">Formats each of them.</param>
    public static string FormatMeanAndStd(MeanAndStd value, Func<double, string> format) =>
        value.StandardDeviation is { } std ? $"{format(value.Mean)} ± {format(std)}" : format(value.Mean);
}
