namespace AttnCrnn.Reports.Charts;

/// <summary>
/// Colors of charts by role: CSS variables in a page, which has a light and a dark theme, and values in a file.
/// </summary>
internal sealed class SvgColors
{
    private readonly string[] series;

    private SvgColors(string text, string muted, string grid, string heat, string onHeat, string[] series)
    {
        Text = text;
        Muted = muted;
        Grid = grid;
        Heat = heat;
        OnHeat = onHeat;
        this.series = series;
    }

    /// <summary>Colors of a page: the variables of <see cref="Html.HtmlStyle"/>.</summary>
    public static SvgColors Page { get; } =
        new(
            "var(--text)",
            "var(--muted)",
            "var(--line)",
            "var(--heat)",
            "var(--on-heat)",
            [.. Enumerable.Range(0, 8).Select(index => FormattableString.Invariant($"var(--series-{index})"))]
        );

    /// <summary>Colors of a file, on white paper: those of the light theme.</summary>
    public static SvgColors Paper { get; } =
        new(
            "#000000",
            "#57606A",
            "#D0D7DE",
            "#08519C",
            "#FFFFFF",
            // Okabe and Ito 2008: distinguishable with color blindness.
            ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000", "#8C6D1F"]
        );

    /// <summary>Text and the axes.</summary>
    public string Text { get; }

    /// <summary>What is less important, such as ticks and reference lines.</summary>
    public string Muted { get; }

    /// <summary>Grid lines and borders.</summary>
    public string Grid { get; }

    /// <summary>The highest value of a heat map; opacity gives lower ones.</summary>
    public string Heat { get; }

    /// <summary>Text on the upper quarter of the heat map's range.</summary>
    public string OnHeat { get; }

    /// <summary>Color of a curve, a class or a run; repeated after eight.</summary>
    public string GetSeries(int index) => series[index % series.Length];
}
