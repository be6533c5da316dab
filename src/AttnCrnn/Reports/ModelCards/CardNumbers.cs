using System.Globalization;
using AttnCrnn.Evaluation.Statistics;

namespace AttnCrnn.Reports.ModelCards;

/// <summary>How cards write metrics: three digits, more than a thousand clips support.</summary>
internal static class CardNumbers
{
    /// <summary>A metric, or a dash for NaN.</summary>
    public static string Format(double value) =>
        double.IsNaN(value) ? "–" : value.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>A metric with its interval, if there is one: <c>0.730 (95% CI 0.676 to 0.780)</c>.</summary>
    public static string Format(double value, ConfidenceInterval? interval) =>
        interval is { } bounds ? $"{Format(value)} (95% CI {FormatInterval(bounds)})" : Format(value);

    /// <summary>An interval: <c>0.676 to 0.780</c>.</summary>
    public static string FormatInterval(ConfidenceInterval interval) =>
        $"{Format(interval.Low)} to {Format(interval.High)}";

    /// <summary>A number of things with their name, which gets an s unless the number is 1.</summary>
    public static string FormatCount(int count, string name) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {name}{(count == 1 ? "" : "s")}");
}
