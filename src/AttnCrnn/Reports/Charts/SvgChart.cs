using AttnCrnn.Reports.Html;

namespace AttnCrnn.Reports.Charts;

/// <summary>
/// Writes charts as SVG: into a page, where they have its colors, and as files for papers, where a text in a column
/// of 3.4 inches has 8 points.
/// </summary>
internal static class SvgChart
{
    /// <summary>Writes a chart with a caption below it.</summary>
    public static void Write(HtmlWriter page, Chart chart, string caption)
    {
        var style = chart.Width > Chart.ColumnWidth ? "chart wide" : "chart";
        page.Write($"""<figure class="{style}"><svg role="img" aria-labelledby="{chart.Name}-title" """);
        page.Write($"""aria-describedby="{chart.Name}-text" viewBox="0 0 {chart.Width:0.#} {chart.Height:0.#}">""");
        page.Write($"""<title id="{chart.Name}-title">{chart.Title}</title>""");
        page.Write($"""<desc id="{chart.Name}-text">{chart.Description}</desc>""");
        chart.Draw(new(page, SvgColors.Page));
        page.Write($"</svg><figcaption>{caption}</figcaption></figure>\n");
    }

    /// <summary>The text of an SVG file, on a white background.</summary>
    public static string CreateFile(Chart chart)
    {
        var file = new HtmlWriter();
        file.Write($"""<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{chart.Width / 72:0.###}in" """);
        file.Write($"""height="{chart.Height / 72:0.###}in" viewBox="0 0 {chart.Width:0.#} {chart.Height:0.#}" """);
        file.Write($"""font-family="DejaVu Sans, Helvetica, Arial, sans-serif">""");
        file.Write($"<title>{chart.Title}</title><desc>{chart.Description}</desc>");
        var canvas = new SvgCanvas(file, SvgColors.Paper);
        canvas.DrawRectangle((0, 0), (chart.Width, chart.Height), "#FFFFFF");
        chart.Draw(canvas);
        file.Write($"</svg>\n");
        return file.ToString();
    }
}
