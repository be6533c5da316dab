namespace AttnCrnn.Reports.Html;

/// <summary>Writes a table with a caption above it; it scrolls horizontally on small screens.</summary>
internal static class HtmlTable
{
    public static void WriteStart(HtmlWriter page, string caption, params IEnumerable<string> columns)
    {
        page.Write($"""<p class="small">{caption}</p>""");
        page.Write($"""<div class="scroll"><table><thead><tr>""");
        foreach (var column in columns)
            page.Write($"""<th scope="col">{column}</th>""");
        page.Write($"</tr></thead><tbody>");
    }

    /// <summary>Writes a row whose first cell is its heading.</summary>
    public static void WriteRow(HtmlWriter page, string name, params IEnumerable<string> cells)
    {
        page.Write($"""<tr><th scope="row">{name}</th>""");
        foreach (var cell in cells)
            page.Write($"<td>{cell}</td>");
        page.Write($"</tr>");
    }

    public static void WriteEnd(HtmlWriter page) => page.Write($"</tbody></table></div>");
}
