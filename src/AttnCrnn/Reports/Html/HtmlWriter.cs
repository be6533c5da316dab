using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AttnCrnn.Reports.Html;

/// <summary>
/// Writes HTML from interpolated strings: their literal text is markup, and every interpolated value is escaped.
/// <code>
/// page.Write($"""&lt;td class="{name}"&gt;{label}&lt;/td&gt;""");
/// </code>
/// A string cannot be written without being escaped: <see cref="Write"/> takes only interpolated strings, and only an
/// <see cref="HtmlFragment"/>, which is a constant of this program, is written without escaping. An interpolated value
/// may be in text or between the quotes of an attribute; in a script, a style sheet or an address escaping would not be
/// enough.
/// </summary>
internal sealed class HtmlWriter
{
    // The characters of markup, control characters and surrogates, and the upper half of Latin-1, whose characters have
    // always been written as references.
    private static readonly SearchValues<char> Escaped = SearchValues.Create([
        .. "<>&\"'",
        .. EnumerateRange('\0', '\u001F'),
        .. EnumerateRange('\u007F', '\u00FF'),
        .. EnumerateRange('\uD800', '\uDFFF'),
    ]);

    private readonly StringBuilder page = new();
    private int ids;

    /// <summary>Appends markup, with the interpolated values escaped.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "The compiler passes this writer to the handler.")]
    [SuppressMessage("Style", "IDE0060", Justification = "The handler has appended to the page by now.")]
    public void Write([InterpolatedStringHandlerArgument("")] Markup markup)
    {
        // The compiler has called the methods of Markup by now, which append to the page.
    }

    /// <summary>
    /// Appends JSON, as the content of a script element. The default encoder writes every character that ends a
    /// script or that XML reserves as an escape.
    /// </summary>
    public void WriteJson(JsonNode json) => page.Append(json.ToJsonString(JsonSerializerOptions.Default));

    /// <summary>An identifier that no other element of the page has.</summary>
    public string CreateId(string name) => string.Create(CultureInfo.InvariantCulture, $"{name}-{++ids}");

    /// <summary>The HTML written so far.</summary>
    public override string ToString() => page.ToString();

    // Copies the text between escaped characters at once, so that an image's base64 costs no more than a copy.
    private void Escape(ReadOnlySpan<char> text)
    {
        while (text.IndexOfAny(Escaped) is >= 0 and var escapedIndex)
        {
            page.Append(text[..escapedIndex]).Append(CreateReference(text[escapedIndex]));
            text = text[(escapedIndex + 1)..];
        }
        page.Append(text);
    }

    private static string CreateReference(char character) =>
        character switch
        {
            '<' => "&lt;",
            '>' => "&gt;",
            '&' => "&amp;",
            '"' => "&quot;",
            '\'' or (>= '\u00A0' and <= '\u00FF') => string.Create(
                CultureInfo.InvariantCulture,
                $"&#{(int)character};"
            ),
            _ => "\uFFFD", // a control character or a surrogate, which XML may not hold
        };

    private static IEnumerable<char> EnumerateRange(char first, char last) =>
        Enumerable.Range(first, last - first + 1).Select(code => (char)code);

    /// <summary>
    /// The handler of interpolated strings. A value of a type without an overload does not compile.
    /// </summary>
    [InterpolatedStringHandler]
    public readonly ref struct Markup
    {
        private readonly HtmlWriter writer;

        // The compiler passes the lengths to every handler; the page grows automatically.
        public Markup(int literalLength, int formattedCount, HtmlWriter writer) => this.writer = writer;

        public void AppendLiteral(string html) => writer.page.Append(html);

        public void AppendFormatted(HtmlFragment html) => writer.page.Append(html.ToString());

        public void AppendFormatted(string? text) => writer.Escape(text);

        public void AppendFormatted(char character) => writer.Escape([character]);

        public void AppendFormatted(int number) => writer.page.Append(CultureInfo.InvariantCulture, $"{number}");

        public void AppendFormatted(double number, string format) =>
            writer.Escape(number.ToString(format, CultureInfo.InvariantCulture));
    }
}
