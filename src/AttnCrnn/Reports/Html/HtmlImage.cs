namespace AttnCrnn.Reports.Html;

/// <summary>Writes an image with a caption below it. The image is in the page, which needs no other file.</summary>
internal static class HtmlImage
{
    /// <param name="alt">What the image shows, for readers who do not see it.</param>
    public static void Write(HtmlWriter page, byte[] png, string alt, string caption)
    {
        page.Write($"""<figure><img alt="{alt}" src="data:image/png;base64,{Convert.ToBase64String(png)}"/>""");
        page.Write($"<figcaption>{caption}</figcaption></figure>");
    }
}
