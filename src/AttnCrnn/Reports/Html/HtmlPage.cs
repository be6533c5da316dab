namespace AttnCrnn.Reports.Html;

/// <summary>The frame of a self-contained page, well-formed XML after its doctype.</summary>
internal static class HtmlPage
{
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
    public static void WriteEnd(HtmlWriter page) => page.Write($"</main></body></html>\n");
}
