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

    /// <summary>Registers the font; must be called before creating a plot.</summary>
    public static void EnsureRegistered() => _ = Registered.Value;

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
