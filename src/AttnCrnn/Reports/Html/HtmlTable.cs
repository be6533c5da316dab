namespace AttnCrnn.Reports.Html;

/// <summary>
/// Writes a table with a caption above it, whose columns a reader can sort; it scrolls sideways on small screens.
/// </summary>
internal static class HtmlTable
{
    public static void WriteStart(HtmlWriter page, string caption, params IEnumerable<string> columns)
    {
        var id = page.CreateId("table");
        page.Write($"""<p class="small" id="{id}">{caption}</p>""");
        page.Write($"""<div class="scroll" role="group" tabindex="0" aria-labelledby="{id}">""");
        page.Write($"""<table class="sortable"><thead><tr>""");
        foreach (var column in columns)
            WriteHeader(page, column);
        page.Write($"</tr></thead><tbody>");
    }

    /// <summary>Writes the start of a table of names and values, without a header.</summary>
    /// <param name="label">What the table is, for readers who do not see it.</param>
    public static void WriteStartOfValues(HtmlWriter page, string label)
    {
        page.Write($"""<div class="scroll" role="group" tabindex="0" aria-label="{label}">""");
        page.Write($"""<table class="plain"><tbody>""");
    }

    /// <summary>Writes a row whose first cell is its heading.</summary>
    public static void WriteRow(HtmlWriter page, string name, params IEnumerable<string> cells) =>
        WriteRow(page, name, cells.Select(cell => (cell, "")));

    /// <summary>Writes a row with a second, smaller line in its cells, such as an interval.</summary>
    public static void WriteRow(HtmlWriter page, string name, IEnumerable<(string Value, string Detail)> cells)
    {
        page.Write($"""<tr><th scope="row">{name}</th>""");
        foreach (var (value, detail) in cells)
        {
            page.Write($"<td>{value}");
            if (detail.Length > 0)
                page.Write($"""<span class="detail">{detail}</span>""");
            page.Write($"</td>");
        }
        page.Write($"</tr>");
    }

    /// <summary>Begins the rows that stay below the others when the table is sorted, such as means.</summary>
    public static void WriteStartOfFooter(HtmlWriter page) => page.Write($"</tbody><tfoot>");

    public static void WriteEnd(HtmlWriter page) => WriteEnd(page, HtmlFragment.FromConstant("</tbody>"));

    /// <summary>Writes the end of a table with a footer.</summary>
    public static void WriteEndWithFooter(HtmlWriter page) => WriteEnd(page, HtmlFragment.FromConstant("</tfoot>"));

    private static void WriteEnd(HtmlWriter page, HtmlFragment body)
    {
        page.Write($"{body}</table></div>");
        page.Write($"""<p class="hint" aria-hidden="true">The table continues to the right: scroll sideways.</p>""");
    }

    private static void WriteHeader(HtmlWriter page, string column)
    {
        if (column.Length == 0)
            page.Write($"<td></td>"); // an empty header cell would be announced as a heading of nothing
        else
            page.Write($"""<th scope="col">{column}</th>""");
    }
}
