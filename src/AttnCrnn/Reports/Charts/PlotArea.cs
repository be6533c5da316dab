using System.Globalization;

namespace AttnCrnn.Reports.Charts;

/// <summary>A rectangle of a chart with two linear axes.</summary>
internal sealed class PlotArea(SvgCanvas canvas, (double X, double Y) corner, (double Width, double Height) size)
{
    private const double TickLength = 3;
    private const double TickFontSize = 7.5;

    /// <summary>Space that ticks and label take left of the area.</summary>
    public const double LeftMargin = 36;

    /// <summary>Space that ticks and label take below the area.</summary>
    public const double BottomMargin = 27;

    /// <summary>Values at the left and right edge.</summary>
    public required (double Min, double Max) XRange { get; init; }

    /// <summary>Values at the lower and upper edge.</summary>
    public required (double Min, double Max) YRange { get; init; }

    /// <summary>Whether the horizontal axis counts, as epochs do.</summary>
    public bool CountsX { get; init; }

    /// <summary>Draws grid, axes, ticks and the labels of the axes.</summary>
    public void DrawAxes(string xLabel, string yLabel)
    {
        var right = corner.X + size.Width;
        var bottom = corner.Y + size.Height;
        var colors = canvas.Colors;
        var grid = new SvgStroke(colors.Grid, 0.5);
        foreach (var tick in AxisTicks.Choose(YRange.Min, YRange.Max, count: 5))
        {
            var y = MapY(tick);
            canvas.DrawLine(corner.X, y, right, y, grid);
            canvas.DrawText(
                (corner.X - TickLength, y + (TickFontSize / 3)),
                Format(tick),
                new(TextAnchor.End, TickFontSize, colors.Muted)
            );
        }
        foreach (var tick in AxisTicks.Choose(XRange.Min, XRange.Max, count: 6, CountsX))
        {
            var x = MapX(tick);
            canvas.DrawLine(x, bottom, x, bottom + TickLength, new(colors.Muted, 0.5));
            canvas.DrawText(
                (x, bottom + TickLength + TickFontSize),
                Format(tick),
                new(TextAnchor.Middle, TickFontSize, colors.Muted)
            );
        }
        canvas.DrawLine(corner.X, corner.Y, corner.X, bottom, new(colors.Muted, 0.75));
        canvas.DrawLine(corner.X, bottom, right, bottom, new(colors.Muted, 0.75));
        canvas.DrawText(((corner.X + right) / 2, bottom + BottomMargin - 4), xLabel, new(TextAnchor.Middle));
        canvas.DrawText(
            (corner.X - LeftMargin + 8, (corner.Y + bottom) / 2),
            yLabel,
            new(TextAnchor.Middle),
            rotation: -90
        );
    }

    /// <summary>Draws a curve; a value that is not finite interrupts it.</summary>
    public void DrawCurve(IEnumerable<(double X, double Y)> points, SvgStroke stroke) =>
        canvas.DrawCurve(points.Select(point => (MapX(point.X), MapY(point.Y))), stroke);

    /// <summary>Draws the values of epochs 1, 2 and so on; a single epoch is a point.</summary>
    public void DrawEpochs(IReadOnlyList<double> values, SvgStroke stroke)
    {
        if (values.Count > 1)
            DrawCurve(values.Select((value, index) => (index + 1.0, value)), stroke);
        else if (values.Count == 1 && double.IsFinite(values[0]))
            DrawPoint(1, values[0], 2, stroke.Color);
    }

    /// <summary>Draws a point.</summary>
    public void DrawPoint(double x, double y, double radius, string color, double opacity = 1) =>
        canvas.DrawCircle(MapX(x), MapY(y), radius, color, opacity);

    /// <summary>Draws the line from (0, 0) to (1, 1).</summary>
    public void DrawDiagonal() => DrawCurve([(0, 0), (1, 1)], new(canvas.Colors.Muted, 0.75, "3 2"));

    private double MapX(double value) => corner.X + (size.Width * (value - XRange.Min) / (XRange.Max - XRange.Min));

    private double MapY(double value) =>
        corner.Y + size.Height - (size.Height * (value - YRange.Min) / (YRange.Max - YRange.Min));

    private static string Format(double tick) => tick.ToString("0.######", CultureInfo.InvariantCulture);
}
