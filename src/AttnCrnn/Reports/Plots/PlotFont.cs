using ScottPlot;
using SkiaSharp;

namespace AttnCrnn.Reports.Plots;

/// <summary>DejaVu Sans out of this library, for every text of every plot: the machine's own fonts, or their absence, never show.</summary>
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

    /// <summary>To be called before a plot is made.</summary>
    public static void Use() => _ = Registered.Value;

    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
        typeface;

    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => typeface;

    private static SKTypeface Load()
    {
        using var stream = typeof(PlotFont).Assembly.GetManifestResourceStream("DejaVuSans.ttf")
            ?? throw new InvalidOperationException("the font is not in the library");
        return SKTypeface.FromStream(stream)
            ?? throw new InvalidOperationException("the font in the library cannot be read");
    }
}
