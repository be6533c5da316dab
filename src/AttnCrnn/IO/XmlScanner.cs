using System.Text;

namespace AttnCrnn.IO;

/// <summary>
/// Reads the elements, attributes and texts of an XML 1.0 document, one after the other. Comments and processing
/// instructions are skipped; document types, and with them entities of the document, are refused. System.Xml would be a
/// thirtieth of the published program for the two kinds of documents in a workbook.
/// </summary>
internal sealed partial class XmlScanner : IDisposable
{
    private const int MaxDepth = 256;
    private const int MaxNameLength = 1024;
    private const int MaxReferenceLength = 10; // &#x10FFFF;

    private readonly StreamReader reader;
    private readonly long maxCharacters;
    private readonly Stack<string> open = new(); // qualified names
    private readonly Dictionary<string, string> attributes = [];
    private readonly StringBuilder buffer = new();
    private long characters;
    private int line = 1;
    private bool hasRoot;
    private bool isEmptyElement;

    /// <param name="stream">UTF-8, or UTF-16 with a byte-order mark; closed with the scanner.</param>
    /// <param name="maxCharacters">Longer documents are refused.</param>
    public XmlScanner(Stream stream, long maxCharacters)
    {
        reader = new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: true));
        this.maxCharacters = maxCharacters;
    }

    /// <summary>What the scanner stands at.</summary>
    public XmlNode Node { get; private set; }

    /// <summary>Name of the element that starts or ends here, without its prefix.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The text here, with its references replaced.</summary>
    public string Text { get; private set; } = "";

    /// <summary>An attribute of the element that starts here; null: it has none of this qualified name.</summary>
    public string? GetAttribute(string name) => attributes.GetValueOrDefault(name);

    /// <summary>Whether an element of this name starts here.</summary>
    public bool IsStart(string name) => Node == XmlNode.Start && Name == name;

    /// <summary>Whether an element of this name ends here.</summary>
    public bool IsEnd(string name) => Node == XmlNode.End && Name == name;

    /// <summary>Moves to the next tag or text.</summary>
    /// <returns>False at the end of the document.</returns>
    /// <exception cref="FormatException">
    /// The document is damaged, too large or too deep, or has a document type: what, and in which line.
    /// </exception>
    public bool Read()
    {
        if (isEmptyElement)
        {
            isEmptyElement = false;
            return End(open.Pop());
        }
        while (Peek() >= 0)
            if (Peek() != '<' ? ReadText() : ReadMarkup())
                return true;
        if (open.TryPeek(out var name))
            throw Error($"the document ends within <{name}>");
        if (!hasRoot)
            throw Error("no element");
        Node = XmlNode.None;
        return false;
    }

    public void Dispose() => reader.Dispose();

    private bool ReadText()
    {
        buffer.Clear();
        while (Peek() is >= 0 and not '<')
            AppendCharacter();
        if (open.Count > 0)
            return SetText();
        for (var i = 0; i < buffer.Length; i++)
            if (!IsSpace(buffer[i]))
                throw Error("text outside of the elements");
        return false;
    }

    private bool SetText()
    {
        Text = buffer.ToString();
        Node = XmlNode.Text;
        return true;
    }

    private bool ReadMarkup()
    {
        Next();
        switch (Peek())
        {
            case '/':
                Next();
                return ReadEndTag();
            case '?':
                Next();
                ReadInstruction();
                return false;
            case '!':
                Next();
                return ReadDeclaration();
            default:
                return ReadStartTag();
        }
    }

    private bool ReadStartTag()
    {
        var name = ReadName();
        if (hasRoot && open.Count == 0)
            throw Error($"<{name}> after the end of the document");
        if (open.Count >= MaxDepth)
            throw Error($"more than {MaxDepth} elements within each other");
        hasRoot = true;
        ReadAttributes();
        isEmptyElement = Peek() == '/';
        if (isEmptyElement)
            Next();
        Require('>');
        open.Push(name);
        Name = RemovePrefix(name);
        Node = XmlNode.Start;
        return true;
    }

    private bool ReadEndTag()
    {
        var name = ReadName();
        SkipSpaces();
        Require('>');
        if (!open.TryPop(out var start) || start != name)
            throw Error($"</{name}>, expected {(start is null ? "no end tag" : $"</{start}>")}");
        return End(name);
    }

    private bool End(string name)
    {
        Name = RemovePrefix(name);
        Node = XmlNode.End;
        return true;
    }

    // Up to the character that ends the tag.
    private void ReadAttributes()
    {
        attributes.Clear();
        for (SkipSpaces(); Peek() is not ('/' or '>' or '?'); SkipSpaces())
        {
            var name = ReadName();
            SkipSpaces();
            Require('=');
            SkipSpaces();
            var quote = Next();
            if (quote is not ('"' or '\''))
                throw Error($"attribute {name} without quotes");
            ReadValue(name, quote);
            if (!attributes.TryAdd(name, buffer.ToString()))
                throw Error($"two attributes {name}");
        }
    }

    // Into the buffer. Each space is a blank, as XML normalizes values.
    private void ReadValue(string attribute, char quote)
    {
        buffer.Clear();
        while (Peek() is var character && character != quote)
            if (character == '<')
                throw Error($"< in the attribute {attribute}");
            else if (character >= 0 && IsSpace((char)character))
            {
                Next();
                buffer.Append(' ');
            }
            else
                AppendCharacter();
        Next();
    }

    // The XML declaration is one as well.
    private void ReadInstruction()
    {
        if (ReadName() != "xml")
        {
            ReadUpTo("?>");
            return;
        }
        ReadAttributes();
        Require('?');
        Require('>');
        var encoding = GetAttribute("encoding") ?? "utf-8";
        if (encoding.ToUpperInvariant() is not ("UTF-8" or "UTF-16" or "US-ASCII"))
            throw Error($"encoding {encoding}, expected UTF-8 or UTF-16");
    }

    // A comment, or text in a CDATA section.
    private bool ReadDeclaration()
    {
        if (Peek() == '-')
        {
            Require('-');
            Require('-');
            ReadUpTo("-->");
            return false;
        }
        if (Peek() != '[')
            throw Error("a document type, which is not read");
        Require("[CDATA[");
        ReadUpTo("]]>");
        return open.Count > 0 ? SetText() : throw Error("text outside of the elements");
    }
}
