using System.Globalization;
using System.Text;

namespace AttnCrnn.Reports.ModelCards;

/// <summary>
/// Formats a card as GitHub-flavored Markdown. Texts are escaped: they contain labels, which users choose.
/// </summary>
internal static class CardMarkdown
{
    private const string Special = "\\`*<>[]|#~$";

    private const string Fence = "```";

    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    public static string Format(string title, IEnumerable<CardSection> sections)
    {
        var text = new StringBuilder().Append("# ").Append(Escape(title)).Append("\n\n");
        foreach (var section in sections)
        {
            if (section.Title.Length > 0)
                text.Append("## ").Append(Escape(section.Title)).Append("\n\n");
            foreach (var block in section.Blocks)
                Append(text, block);
        }
        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static void Append(StringBuilder text, CardBlock block)
    {
        switch (block)
        {
            case CardText paragraph:
                text.Append(Escape(paragraph.Text)).Append("\n\n");
                break;
            case CardWarning warning:
                text.Append("> **").Append(Escape(warning.Title)).Append("** ").Append(Escape(warning.Text));
                text.Append("\n\n");
                break;
            case CardList list:
                foreach (var item in list.Items)
                    text.Append("- ").Append(Escape(item)).Append('\n');
                text.Append('\n');
                break;
            case CardTable table:
                AppendTable(text, table);
                break;
            case CardImage image:
                text.Append("![").Append(Escape(image.Caption)).Append("](").Append(image.FileName).Append(")\n\n");
                break;
            case CardExample example:
                text.Append(Fence).Append(example.Language).Append('\n').Append(example.Text.TrimEnd('\n'));
                text.Append('\n').Append(Fence).Append("\n\n");
                break;
            default:
                throw new ArgumentException($"a block of type {block.GetType().Name}", nameof(block));
        }
    }

    private static void AppendTable(StringBuilder text, CardTable table)
    {
        text.Append(Escape(table.Caption)).Append("\n\n");
        AppendRow(text, table.Columns.Select(Escape));
        AppendRow(text, table.Columns.Select((_, column) => IsNumeric(table, column) ? "-:" : ":-"));
        foreach (var row in table.Rows)
            AppendRow(text, row.Select(Escape));
        text.Append('\n');
    }

    // Numbers, and dashes for those that are not defined; intervals begin with a number.
    private static bool IsNumeric(CardTable table, int column) =>
        table.Rows.All(row => row[column] == "–" || double.TryParse(row[column].Split(' ')[0], Culture, out _));

    private static void AppendRow(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    // An underscore within a word has no meaning in GitHub-flavored Markdown; names of runs have many.
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var isWithinWord =
                i > 0 && i < text.Length - 1 && char.IsLetterOrDigit(text[i - 1]) && char.IsLetterOrDigit(text[i + 1]);
            if (Special.Contains(text[i], StringComparison.Ordinal) || (text[i] == '_' && !isWithinWord))
                escaped.Append('\\');
            escaped.Append(char.IsControl(text[i]) ? ' ' : text[i]);
        }
        return escaped.ToString();
    }
}
