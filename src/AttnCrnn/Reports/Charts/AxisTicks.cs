namespace AttnCrnn.Reports.Charts;

/// <summary>Ticks of an axis: multiples of 1, 2 or 5 times a power of ten.</summary>
internal static class AxisTicks
{
    /// <summary>
    /// The ticks from <paramref name="min"/> to <paramref name="max"/>, about <paramref name="count"/>.
    /// </summary>
    /// <param name="integersOnly">Whether there are ticks at whole numbers only.</param>
    public static IReadOnlyList<double> Choose(double min, double max, int count = 5, bool integersOnly = false)
    {
        if (!(max > min))
            return [min];
        var step = ChooseStep((max - min) / count);
        if (integersOnly)
            step = Math.Max(1, step);
        var first = (long)Math.Ceiling((min / step) - 1e-9);
        var last = (long)Math.Floor((max / step) + 1e-9);
        return [.. Enumerable.Range(0, (int)(last - first) + 1).Select(index => (first + index) * step)];
    }

    private static double ChooseStep(double rough)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var mantissa = rough / power;
        return power
            * (
                mantissa <= 1 ? 1
                : mantissa <= 2 ? 2
                : mantissa <= 5 ? 5
                : 10
            );
    }
}
