using ScottPlot;
using SkiaSharp;

namespace AttnCrnn.Reports.Plots;

/// <summary>Embedded font DejaVu Sans for all plot text, so that plots do not depend on installed fonts.</summary>
internal sealed class PlotFont : IFontResolver
{
    private const string Name = "DejaVu Sans";

    private static readonly Lazy<bool> Registered = new(() =>
    {
        Fonts.FontResolvers.Insert(0, new PlotFont());
        Fonts.Default = Name;
        return true;
    });

    private readonly SKTypeface typeface = Load();

    /// <summary>Creates a plot with this font in the sizes of all plots.</summary>
    /// <param name="titleSize">Size of the title in pixels.</param>
    public static Plot CreatePlot(string title, float titleSize)
    {
        _ = Registered.Value;
        var plot = new Plot();
        plot.Font.Set(Name);
        plot.Title(title);
        plot.Axes.Title.Label.FontSize = titleSize;
        plot.Axes.Title.Label.Bold = false;
        foreach (var axis in (IAxis[])[plot.Axes.Bottom, plot.Axes.Left])
        {
            axis.Label.FontSize = 14;
            axis.Label.Bold = false;
            axis.TickLabelStyle.FontSize = 13;
        }
        return plot;
    }

    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
        typeface;

    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => typeface;

    private static SKTypeface Load()
    {
        using var stream = typeof(PlotFont).Assembly.GetManifestResourceStream("DejaVuSans.ttf")
            ?? throw new InvalidOperationException("the font resource is missing");
        return SKTypeface.FromStream(stream) ?? throw new InvalidOperationException("the font resource is invalid");
    }
}
