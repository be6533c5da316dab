using AttnCrnn.Prediction.Explanations;
using AttnCrnn.Reports.Plots;
using SkiaSharp;

namespace AttnCrnn.Tests.Reports.Explanations;

/// <summary>The plot of an explanation.</summary>
public sealed class ExplanationPlotTests
{
    private static readonly SKColor Orange = SKColor.Parse("#D55E00"); // probability lost
    private static readonly SKColor Blue = SKColor.Parse("#0072B2"); // probability gained

    [Theory]
    [InlineData(true, 830)]
    [InlineData(false, 650)] // without the panel of the attention
    public void It_is_a_PNG_with_a_panel_for_everything_that_is_known(bool hasAttention, int height)
    {
        using var picture = Render([0.1, 0.2, 0.3], hasAttention);
        Assert.Equal((ExplanationPlot.Width, height), (picture.Width, picture.Height));
    }

    [Fact]
    public void Every_panel_is_drawn()
    {
        using var picture = Render([0.1, 0.2, 0.3], hasAttention: true);
        Assert.Contains(Blue, ListColors(picture, 0, 180)); // the waveform
        Assert.InRange(ListColors(picture, 180, 420).Count, 200, int.MaxValue); // the spectrogram
        Assert.Contains(ListColors(picture, 420, 600), color => color.Green > color.Red + 50); // the attention
        Assert.Contains(Orange, ListColors(picture, 600, 830));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void The_bar_of_a_half_second_is_above_it(int important)
    {
        double[] lost = [0, 0, 0];
        lost[important] = 0.8;
        using var picture = Render(lost, hasAttention: true);
        int[] columns = [.. Enumerable.Range(0, picture.Width).Where(x => HasColor(picture, x, Orange))];
        // The axis of 1.5 s is between margins of 70 and 25 pixels.
        const double pixelsPerPart = (ExplanationPlot.Width - 70 - 25) / 3.0;
        Assert.InRange(columns.Average(), 70 + (pixelsPerPart * important), 70 + (pixelsPerPart * (important + 1)));
        Assert.InRange(columns.Length, 0.85 * pixelsPerPart, pixelsPerPart);
    }

    [Fact]
    public void Probability_that_is_gained_has_another_color()
    {
        using var picture = Render([0, -0.5, 0], hasAttention: true);
        Assert.DoesNotContain(Enumerable.Range(0, picture.Width), x => HasColor(picture, x, Orange));
        Assert.Contains(Enumerable.Range(0, picture.Width), x => HasColor(picture, x, Blue));
    }

    [Fact]
    public void Silence_and_one_short_part_can_be_rendered()
    {
        var silence = Create([0], hasAttention: true) with { Waveform = new float[1600] };
        Assert.Equal(ExplanationPlot.Width, SKBitmap.Decode(ExplanationPlot.Render(silence, "silence")).Width);
    }

    private static HashSet<SKColor> ListColors(SKBitmap picture, int top, int bottom) =>
        [
            .. from y in Enumerable.Range(top, bottom - top)
            from x in Enumerable.Range(0, picture.Width)
            select picture.GetPixel(x, y),
        ];

    // Within the panel of occlusion, which is the last one.
    private static bool HasColor(SKBitmap picture, int x, SKColor color) =>
        Enumerable.Range(picture.Height - 200, 190).Any(y => picture.GetPixel(x, y) == color);

    private static SKBitmap Render(double[] lost, bool hasAttention) =>
        SKBitmap.Decode(ExplanationPlot.Render(Create(lost, hasAttention), "clip.wav: sad, probability 0.90"));

    private static Explanation Create(double[] lost, bool hasAttention) =>
        new()
        {
            Waveform = LogMelModels.Sweep(0.5 * lost.Length),
            Probabilities = [0.1, 0.9],
            PredictedClass = 1,
            ProbabilityLost = lost,
            Attention = hasAttention ? new([0.25, 0.5, 0.25], 0.5) : null,
        };
}
