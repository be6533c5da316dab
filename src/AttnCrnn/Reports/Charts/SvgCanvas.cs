using System.Globalization;
using AttnCrnn.Reports.Html;

namespace AttnCrnn.Reports.Charts;

/// <summary>Draws shapes as SVG elements, in points; text is escaped.</summary>
internal sealed class SvgCanvas(HtmlWriter writer, SvgColors colors)
{
    /// <summary>Font size of text, in points: readable in a printed column.</summary>
    public const double FontSize = 8;

    // Closer points of a curve look the same; a curve of 10,000 clips would fill a page with digits.
    private const double MinDistance = 0.25;

    /// <summary>The colors of the page or of the file.</summary>
    public SvgColors Colors => colors;

    /// <summary>Draws a straight line.</summary>
    public void DrawLine(double x1, double y1, double x2, double y2, SvgStroke stroke)
    {
        writer.Write($"""<line x1="{x1:0.##}" y1="{y1:0.##}" x2="{x2:0.##}" y2="{y2:0.##}" """);
        WriteStroke(stroke);
        writer.Write($"/>");
    }

    /// <summary>Draws lines between points; a point that is not finite interrupts them.</summary>
    public void DrawCurve(IEnumerable<(double X, double Y)> points, SvgStroke stroke)
    {
        var path = CreatePath(points);
        if (path.Length == 0)
            return;
        writer.Write($"""<path d="{path}" fill="none" stroke-linejoin="round" """);
        WriteStroke(stroke);
        writer.Write($"/>");
    }

    /// <summary>Draws a filled circle.</summary>
    public void DrawCircle(double x, double y, double radius, string color, double opacity = 1) =>
        writer.Write(
            $"""<circle cx="{x:0.##}" cy="{y:0.##}" r="{radius:0.##}" fill="{color}" fill-opacity="{opacity:0.##}"/>"""
        );

    /// <summary>Draws a filled rectangle.</summary>
    public void DrawRectangle(
        (double X, double Y) corner,
        (double Width, double Height) size,
        string color,
        double opacity = 1
    )
    {
        writer.Write($"""<rect x="{corner.X:0.##}" y="{corner.Y:0.##}" width="{size.Width:0.##}" """);
        writer.Write($"""height="{size.Height:0.##}" fill="{color}" fill-opacity="{opacity:0.###}"/>""");
    }

    /// <summary>Draws the outline of a rectangle.</summary>
    public void DrawFrame((double X, double Y) corner, (double Width, double Height) size, SvgStroke stroke)
    {
        writer.Write($"""<rect x="{corner.X:0.##}" y="{corner.Y:0.##}" width="{size.Width:0.##}" """);
        writer.Write($"""height="{size.Height:0.##}" fill="none" """);
        WriteStroke(stroke);
        writer.Write($"/>");
    }

    /// <summary>Draws text whose baseline starts, is centered or ends at a point.</summary>
    /// <param name="rotation">In degrees, clockwise, around the point.</param>
    public void DrawText((double X, double Y) point, string text, SvgText style, double rotation = 0)
    {
        var anchor = style.Anchor switch
        {
            TextAnchor.Start => "start",
            TextAnchor.Middle => "middle",
            _ => "end",
        };
        writer.Write($"""<text x="{point.X:0.##}" y="{point.Y:0.##}" text-anchor="{anchor}" """);
        writer.Write($"""font-size="{style.Size:0.##}" fill="{style.Color ?? colors.Text}" """);
        if (rotation != 0)
            writer.Write($"""transform="rotate({rotation:0.##} {point.X:0.##} {point.Y:0.##})" """);
        writer.Write($">{text}</text>");
    }

    /// <summary>An upper bound of the width of a text, in points.</summary>
    public static double EstimateWidth(string text, double fontSize = FontSize) => 0.6 * fontSize * text.Length;

    /// <summary>A text, shortened to a number of characters.</summary>
    public static string Truncate(string text, int max) => text.Length > max ? text[..(max - 1)] + "…" : text;

    private void WriteStroke(SvgStroke stroke)
    {
        writer.Write($"""stroke="{stroke.Color}" stroke-width="{stroke.Width:0.##}" """);
        if (stroke.Dashes.Length > 0)
            writer.Write($"""stroke-dasharray="{stroke.Dashes}" """);
        if (stroke.Opacity < 1)
            writer.Write($"""stroke-opacity="{stroke.Opacity:0.##}" """);
    }

    private static string CreatePath(IEnumerable<(double X, double Y)> points)
    {
        var path = new System.Text.StringBuilder();
        (double X, double Y)? drawn = null;
        (double X, double Y)? skipped = null;
        foreach (var point in points)
        {
            if (!double.IsFinite(point.X + point.Y))
            {
                Append(skipped, "L");
                drawn = skipped = null;
                continue;
            }
            if (drawn is { } last && Math.Abs(point.X - last.X) + Math.Abs(point.Y - last.Y) < MinDistance)
            {
                skipped = point;
                continue;
            }
            Append(point, drawn is null ? "M" : "L");
            drawn = point;
            skipped = null;
        }
        Append(skipped, "L");
        return path.ToString();

        void Append((double X, double Y)? point, string command)
        {
            if (point is { } p)
                path.Append(CultureInfo.InvariantCulture, $"{command}{p.X:0.##} {p.Y:0.##}");
        }
    }
}
