using System.Globalization;
using System.Text;

namespace AttnCrnn.Metrics;

/// <summary>
/// Formats metrics exactly as scikit-learn's <c>classification_report</c>, so that existing parsers work.
/// </summary>
internal static class ReportText
{
    public static string Format(Classification metrics, int digits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(digits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(digits, 12);
        int width = Math.Max(metrics.Labels.Max(MeasureLength), Math.Max("weighted avg".Length, digits));
        var text = new StringBuilder();
        FormatRow(text, width, "", "precision", "recall", "f1-score", "support");
        text.Append('\n');
        foreach (var classMetrics in metrics.PerClass)
            FormatMetricsRow(
                classMetrics.Label,
                classMetrics.Precision,
                classMetrics.Recall,
                classMetrics.F1,
                classMetrics.Support
            );
        text.Append('\n');
        FormatRow(
            text,
            width,
            "accuracy",
            "",
            "",
            FormatNumber(metrics.Accuracy, digits),
            FormatCount(metrics.ClipCount)
        );
        FormatMetricsRow("macro avg", metrics.MacroPrecision, metrics.MacroRecall, metrics.MacroF1, metrics.ClipCount);
        FormatMetricsRow(
            "weighted avg",
            metrics.WeightedPrecision,
            metrics.WeightedRecall,
            metrics.WeightedF1,
            metrics.ClipCount
        );
        return text.ToString();

        void FormatMetricsRow(string name, double precision, double recall, double f1, int support) =>
            FormatRow(
                text,
                width,
                name,
                FormatNumber(precision, digits),
                FormatNumber(recall, digits),
                FormatNumber(f1, digits),
                FormatCount(support)
            );
    }

    private static void FormatRow(StringBuilder text, int width, string name, params ReadOnlySpan<string> cells)
    {
        text.Append(' ', width - MeasureLength(name)).Append(name).Append(' ');
        foreach (string cell in cells)
            text.Append(' ').Append(cell.PadLeft(9));
        text.Append('\n');
    }

    private static string FormatCount(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// Rounds halves to even, as Python does. .NET rounds halves away from zero, and recalls such as 1/32 are exact
    /// halves at four digits. A double is an exact half at d digits only if it is an odd multiple of 2^-(d+1), and
    /// decimal represents these exactly.
    /// </summary>
    internal static string FormatNumber(double value, int digits)
    {
        double doubled = Math.ScaleB(value, digits + 1);
        bool isHalf = doubled == Math.Floor(doubled) && Math.Abs(doubled % 2) == 1;
        return isHalf
            ? Math.Round((decimal)value, digits, MidpointRounding.ToEven)
                .ToString($"F{digits}", CultureInfo.InvariantCulture)
            : value.ToString($"F{digits}", CultureInfo.InvariantCulture);
    }

    /// <summary>Length in Unicode code points, as in Python, not in UTF-16 code units.</summary>
    private static int MeasureLength(string label) => label.EnumerateRunes().Count();
}
