using AttnCrnn.Audio;
using AttnCrnn.Prediction.Explanations;
using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace AttnCrnn.Reports.Plots;

/// <summary>
/// Renders an explanation without a display: the waveform, its log-mel spectrogram, the attention and the probability
/// lost without each half second, one above the other over the same seconds.
/// </summary>
public static class ExplanationPlot
{
    /// <summary>Width of the picture in pixels.</summary>
    public const int Width = 1200;

    private const int WaveformHeight = 180;
    private const int SpectrogramHeight = 240;
    private const int AttentionHeight = 180;
    private const int OcclusionHeight = 230;
    private const int LeftMargin = 70;
    private const int RightMargin = 25;
    private const int MaxTitleLength = 100;
    private const double DynamicRange = 6; // of log10 of power: 60 dB below the loudest cell

    // The same as in the other plots: distinguishable with color blindness.
    private static readonly Color Blue = Color.FromHex("#0072B2");
    private static readonly Color Orange = Color.FromHex("#D55E00");
    private static readonly Color Green = Color.FromHex("#009E73");

    /// <summary>Renders a PNG.</summary>
    /// <param name="title">For example the recording's name, the predicted label and its probability.</param>
    public static byte[] Render(Explanation explanation, string title)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        var panels = new List<(Plot Plot, int Height)> { (CreateWaveform(explanation, title), WaveformHeight) };
        try
        {
            panels.Add((CreateSpectrogram(explanation), SpectrogramHeight));
            if (explanation.Attention is { } attention)
                panels.Add((CreateAttention(explanation, attention), AttentionHeight));
            panels.Add((CreateOcclusion(explanation), OcclusionHeight));
            panels[^1].Plot.XLabel("seconds");
            return RenderPanels(explanation, panels);
        }
        finally
        {
            foreach (var (plot, _) in panels)
                plot.Dispose();
        }
    }

    private static Plot CreateWaveform(Explanation explanation, string title)
    {
        var shortTitle = title.Length > MaxTitleLength ? title[..(MaxTitleLength - 1)] + "…" : title;
        var plot = CreatePlot(shortTitle, "amplitude");
        plot.Axes.Title.Label.FontSize = 18;
        double[] samples = [.. explanation.Waveform.ToArray().Select(sample => (double)sample)];
        var signal = plot.Add.Signal(samples, 1.0 / Waveform.SampleRateHz, Blue);
        signal.Data.XOffset = explanation.StartSeconds;
        signal.MaximumMarkerSize = 0;
        var peak = Math.Max(1e-3, samples.Max(Math.Abs));
        plot.Axes.SetLimitsY(-1.05 * peak, 1.05 * peak);
        return plot;
    }

    private static Plot CreateSpectrogram(Explanation explanation)
    {
        var plot = CreatePlot("Log-mel spectrogram", "kHz");
        var values = new LogMel().Compute(explanation.Waveform.Span, out var frames);
        var floor = values.Max() - DynamicRange;
        var cells = new double[LogMel.Bands, frames];
        for (var frame = 0; frame < frames; frame++)
        for (var band = 0; band < LogMel.Bands; band++) // the first row is at the top
            cells[LogMel.Bands - 1 - band, frame] = Math.Max(floor, values[(frame * LogMel.Bands) + band]);
        var heatmap = plot.Add.Heatmap(cells);
        heatmap.Colormap = new ScottPlot.Colormaps.Viridis();
        const double hopSeconds = 1 / LogMel.FramesPerSecond;
        var left = explanation.StartSeconds - (hopSeconds / 2); // frame i is centered at i hops
        heatmap.Position = new CoordinateRect(left, left + (frames * hopSeconds), 0, LogMel.Bands);
        double[] frequencies = [500, 1000, 2000, 4000];
        plot.Axes.Left.SetTicks([.. frequencies.Select(GetPosition)], ["0.5", "1", "2", "4"]);
        plot.Axes.SetLimitsY(0, LogMel.Bands);
        plot.HideGrid();
        return plot;
    }

    // The middle of a band's cells is half a band above its lower edge.
    private static double GetPosition(double hz) =>
        LogMelFilters.FindBand(hz, LogMel.Bands, Waveform.SampleRateHz / 2.0) + 0.5;

    private static Plot CreateAttention(Explanation explanation, TemporalAttention attention)
    {
        var plot = CreatePlot("Self-attention received by each time step (1: uniform)", "attention");
        var count = attention.Weights.Count;
        double[] edges =
        [
            .. Enumerable
                .Range(0, count)
                .SelectMany(step => (double[])[step * attention.StepSeconds, (step + 1) * attention.StepSeconds])
                .Select(seconds => explanation.StartSeconds + seconds),
        ];
        double[] heights = [.. attention.Weights.SelectMany(weight => (double[])[weight * count, weight * count])];
        var area = plot.Add.FillY(edges, new double[edges.Length], heights);
        area.FillColor = Green.WithAlpha(0.7);
        area.LineWidth = 0;
        AddLine(plot, 1, LinePattern.Dashed);
        plot.Axes.SetLimitsY(0, 1.1 * Math.Max(1.5, heights.Max()));
        return plot;
    }

    private static Plot CreateOcclusion(Explanation explanation)
    {
        var plot = CreatePlot(
            "Probability of the predicted class that is lost when a half second is silenced",
            "probability"
        );
        var seconds = (double)explanation.Waveform.Length / Waveform.SampleRateHz;
        foreach (var (part, lost) in explanation.ProbabilityLost.Index())
        {
            var start = part * Explanation.OcclusionSeconds;
            var length = Math.Min(Explanation.OcclusionSeconds, seconds - start);
            plot.Add.Bar(
                new Bar
                {
                    Position = explanation.StartSeconds + start + (length / 2),
                    Value = lost,
                    Size = 0.92 * length,
                    FillColor = lost < 0 ? Blue : Orange,
                    LineWidth = 0,
                }
            );
        }
        AddLine(plot, 0, LinePattern.Solid);
        plot.Axes.SetLimitsY(
            1.15 * Math.Min(-0.02, explanation.ProbabilityLost.Min()),
            1.15 * Math.Max(0.05, explanation.ProbabilityLost.Max())
        );
        return plot;
    }

    private static Plot CreatePlot(string title, string yLabel)
    {
        var plot = PlotFont.CreatePlot(title, titleSize: 14);
        plot.YLabel(yLabel);
        return plot;
    }

    private static void SetSize(IPanel axis, float pixels)
    {
        axis.MinimumSize = pixels;
        axis.MaximumSize = pixels;
    }

    private static void AddLine(Plot plot, double y, LinePattern pattern) =>
        plot.Add.HorizontalLine(y, 1, Colors.Gray, pattern);

    // Equal margins, so that a second is at the same place in every panel.
    private static byte[] RenderPanels(Explanation explanation, List<(Plot Plot, int Height)> panels)
    {
        var seconds = (double)explanation.Waveform.Length / Waveform.SampleRateHz;
        using var surface = SKSurface.Create(new SKImageInfo(Width, panels.Sum(panel => panel.Height)));
        float top = 0;
        foreach (var (plot, height) in panels)
        {
            plot.Axes.SetLimitsX(explanation.StartSeconds, explanation.StartSeconds + seconds);
            plot.Axes.Bottom.TickGenerator = new NumericAutomatic { TickDensity = 0.5 };
            SetSize(plot.Axes.Left, LeftMargin);
            SetSize(plot.Axes.Right, RightMargin);
            // On a surface of its own, since a plot clears the whole surface first.
            using var panel = SKSurface.Create(new SKImageInfo(Width, height));
            plot.Render(panel.Canvas, new PixelRect(0, Width, height, 0));
            surface.Canvas.DrawSurface(panel, 0, top);
            top += height;
        }
        using var image = surface.Snapshot();
        using var png = image.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }
}
