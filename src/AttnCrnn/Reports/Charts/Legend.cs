namespace AttnCrnn.Reports.Charts;

/// <summary>A legend in rows below a plot, in two columns where the texts are short enough.</summary>
internal sealed class Legend(IReadOnlyList<(string Text, SvgStroke Stroke)> entries, double width)
{
    private const double RowHeight = 11;
    private const double SampleWidth = 18;

    private int Columns =>
        entries.Max(entry => SvgCanvas.EstimateWidth(entry.Text)) + SampleWidth + 8 <= width / 2 ? 2 : 1;

    /// <summary>Height in points.</summary>
    public double Height => entries.Count == 0 ? 0 : RowHeight * ((entries.Count + Columns - 1) / Columns);

    /// <summary>Draws it with its upper left corner at a point.</summary>
    public void Draw(SvgCanvas canvas, double x, double y)
    {
        foreach (var (index, (text, stroke)) in entries.Index())
        {
            var left = x + (index % Columns * width / Columns);
            var middle = y + (RowHeight * (index / Columns)) + (RowHeight / 2);
            canvas.DrawLine(left, middle, left + SampleWidth, middle, stroke);
            canvas.DrawText((left + SampleWidth + 4, middle + (SvgCanvas.FontSize / 3)), text, new(TextAnchor.Start));
        }
    }
}
