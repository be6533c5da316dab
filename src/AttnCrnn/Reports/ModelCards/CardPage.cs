using AttnCrnn.Reports.Html;

namespace AttnCrnn.Reports.ModelCards;

/// <summary>Formats a card as a self-contained page, in the style of the report.</summary>
internal static class CardPage
{
    public static string Format(string name, string title, IEnumerable<CardSection> sections)
    {
        var page = new HtmlWriter();
        HtmlPage.WriteStart(page, $"{name}: model card");
        page.Write($"""<header><p class="run">Model card</p><h1>{title}</h1></header>""");
        foreach (var section in sections)
        {
            page.Write($"<section>");
            if (section.Title.Length > 0)
                page.Write($"<h2>{section.Title}</h2>");
            foreach (var block in section.Blocks)
                Write(page, block);
            page.Write($"</section>\n");
        }
        HtmlPage.WriteEnd(page);
        return page.ToString();
    }

    private static void Write(HtmlWriter page, CardBlock block)
    {
        switch (block)
        {
            case CardText paragraph:
                page.Write($"<p>{paragraph.Text}</p>");
                break;
            case CardWarning warning:
                HtmlPage.WriteWarning(page, warning.Title, warning.Text);
                break;
            case CardList list:
                page.Write($"<ul>");
                foreach (var item in list.Items)
                    page.Write($"<li>{item}</li>");
                page.Write($"</ul>");
                break;
            case CardTable table:
                HtmlTable.WriteStart(page, table.Caption, table.Columns);
                foreach (var row in table.Rows)
                    HtmlTable.WriteRow(page, row[0], row.Skip(1));
                HtmlTable.WriteEnd(page);
                break;
            case CardImage image:
                HtmlImage.Write(page, image.Png, image.Caption, image.Caption);
                break;
            case CardExample example:
                WriteExample(page, example);
                break;
            default:
                throw new ArgumentException($"a block of type {block.GetType().Name}", nameof(block));
        }
    }

    // Reachable by keyboard, since it scrolls on small screens. A line break is markup: values have none.
    private static void WriteExample(HtmlWriter page, CardExample example)
    {
        page.Write($"""<pre class="scroll" tabindex="0"><code>""");
        foreach (var line in example.Text.TrimEnd('\n').Split('\n'))
            page.Write($"{line}\n");
        page.Write($"</code></pre>");
    }
}
