using System.Text.Json.Nodes;

namespace AttnCrnn.Reports.Html;

/// <summary>The frame of a self-contained page, well-formed XML after its doctype.</summary>
internal static class HtmlPage
{
    // The browser refuses every request, whatever the page contains.
    private static readonly HtmlFragment Policy = HtmlFragment.FromConstant(
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; media-src data:"
    );

    /// <summary>Writes what precedes the content.</summary>
    public static void WriteStart(HtmlWriter page, string title)
    {
        page.Write(
            $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"/>
            """
        );
        page.Write($"""<meta name="viewport" content="width=device-width, initial-scale=1"/>""");
        page.Write($"""<meta http-equiv="Content-Security-Policy" content="{Policy}"/>""");
        page.Write($"<title>{title}</title><style>{HtmlStyle.Css}</style></head><body><main>\n");
    }

    /// <summary>Writes a warning, which begins with a title.</summary>
    public static void WriteWarning(HtmlWriter page, string title, string text) =>
        page.Write(
            $"""
            <p class="warn"><strong>{title}</strong> {text}</p>

            """
        );

    /// <summary>Writes what follows the content.</summary>
    /// <param name="metrics">The page's numbers, for programs; null for none.</param>
    public static void WriteEnd(HtmlWriter page, JsonNode? metrics = null)
    {
        page.Write($"</main>\n");
        if (metrics is not null)
        {
            page.Write($"""<script type="application/json" id="metrics">""");
            page.WriteJson(metrics);
            page.Write($"</script>\n");
        }
        page.Write($"<script>{HtmlScript.Code}</script></body></html>\n");
    }
}
