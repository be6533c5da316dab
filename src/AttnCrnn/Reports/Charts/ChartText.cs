using System.Globalization;

namespace AttnCrnn.Reports.Charts;

/// <summary>Numbers in charts and their descriptions.</summary>
internal static class ChartText
{
    /// <summary>Three decimals; a dash for NaN.</summary>
    public static string Format(double value) =>
        double.IsNaN(value) ? "–" : value.ToString("0.000", CultureInfo.InvariantCulture);
}
