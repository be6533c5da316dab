namespace AttnCrnn.Reports.Charts;

/// <summary>
/// Colors of charts by role: CSS variables in a page, which has a light and a dark theme, and values in a file.
/// </summary>
internal sealed class SvgColors
{
    private const int SeriesCount = 8;

    /// <summary>Colors of a page: the variables of <see cref="Html.HtmlStyle"/>.</summary>
    public static SvgColors Page { get; } =
        new()
        {
            Text = "var(--text)",
            Muted = "var(--muted)",
            Grid = "var(--line)",
            Heat = "var(--heat)",
            OnHeat = "var(--on-heat)",
            OffHeat = "var(--off-heat)",
            Series =
            [
                .. Enumerable
                    .Range(0, SeriesCount)
                    .Select(index => FormattableString.Invariant($"var(--series-{index})")),
            ],
        };

    /// <summary>Colors of a file, on white paper: those of the light theme.</summary>
    public static SvgColors Paper { get; } =
        new()
        {
            Text = "#000000",
            Muted = "#57606A",
            Grid = "#D0D7DE",
            Heat = "#08519C",
            OnHeat = "#FFFFFF",
            OffHeat = "#000000",
            // Okabe and Ito 2008: distinguishable with color blindness.
            Series = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000", "#8C6D1F"],
        };

    /// <summary>Text and the axes.</summary>
    public required string Text { get; init; }

    /// <summary>What is less important, such as ticks and reference lines.</summary>
    public required string Muted { get; init; }

    /// <summary>Grid lines and borders.</summary>
    public required string Grid { get; init; }

    /// <summary>The highest value of a heat map; opacity gives lower ones.</summary>
    public required string Heat { get; init; }

    /// <summary>Text on the upper part of the heat map's range.</summary>
    public required string OnHeat { get; init; }

    /// <summary>Text on the rest of the heat map's range: pure black or white, for its contrast.</summary>
    public required string OffHeat { get; init; }

    private string[] Series { get; init; } = [];

    /// <summary>Color of a curve, a class or a run; repeated after eight.</summary>
    public string GetSeries(int index) => Series[index % Series.Length];
}
