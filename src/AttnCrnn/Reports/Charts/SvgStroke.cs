namespace AttnCrnn.Reports.Charts;

/// <summary>How a line is drawn.</summary>
/// <param name="Color">A color of <see cref="SvgColors"/>.</param>
/// <param name="Width">Width in points.</param>
/// <param name="Dashes">Lengths of dashes and gaps in points; empty for a solid line.</param>
/// <param name="Opacity">From 0 to 1.</param>
internal readonly record struct SvgStroke(string Color, double Width = 1, string Dashes = "", double Opacity = 1)
{
    // Curves are distinguishable without colors, as in a copy in black and white.
    private static readonly string[] Patterns = ["", "5 2", "1.5 1.5", "6 2 1.5 2"];

    /// <summary>The stroke of one of several curves.</summary>
    public static SvgStroke ForSeries(SvgColors colors, int index) =>
        new(colors.GetSeries(index), 1.2, Patterns[index % Patterns.Length]);
}
