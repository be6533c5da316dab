using System.Buffers;
using System.Text;
using System.Text.Json;
using AttnCrnn.IO;

namespace AttnCrnn.Formats.Yaml;

/// <summary>
/// Reads the subset of YAML 1.2 in which configurations are written: mappings and sequences by indentation, flow
/// sequences and mappings on one line, plain and quoted scalars, comments. Nothing is evaluated: tags, anchors,
/// aliases, merge keys, block scalars and several documents are refused. The result is what the same JSON would be.
/// </summary>
internal static class YamlFile
{
    /// <summary>
    /// Reads a file whose long values are wrapped over lines, as PyYAML writes them; memory is bounded by its size.
    /// </summary>
    /// <param name="expected">What the file should be, for messages.</param>
    /// <param name="remedy">What the user can do if it is something else.</param>
    /// <exception cref="InvalidFileException">It is missing, too large, or not of the subset.</exception>
    public static JsonCursor ReadWrapped(string path, string expected, string remedy, int maxBytes) =>
        ParseWrapped(path, InputFile.ReadAll(path, expected, remedy, maxBytes), expected, remedy);

    /// <summary>Reads a file; memory is bounded by its size.</summary>
    /// <param name="expected">What the file should be, for messages.</param>
    /// <param name="remedy">What the user can do if it is something else.</param>
    /// <exception cref="InvalidFileException">It is missing, too large, or not of the subset.</exception>
    public static JsonCursor Read(string path, string expected, string remedy, int maxBytes) =>
        Parse(path, InputFile.ReadAll(path, expected, remedy, maxBytes), expected, remedy);

    /// <summary>Parses a document.</summary>
    /// <param name="path">For messages.</param>
    /// <exception cref="InvalidFileException">It is not of the subset.</exception>
    public static JsonCursor Parse(string path, ReadOnlySpan<byte> utf8, string expected, string remedy)
    {
        var errors = new YamlErrors(path, expected, remedy);
        return Parse(path, YamlLines.Split(utf8, errors), errors, expected, remedy);
    }

    /// <summary>Parses a document whose long values are wrapped over lines.</summary>
    /// <param name="path">For messages.</param>
    /// <exception cref="InvalidFileException">It is not of the subset.</exception>
    public static JsonCursor ParseWrapped(string path, ReadOnlySpan<byte> utf8, string expected, string remedy)
    {
        var errors = new YamlErrors(path, expected, remedy);
        return Parse(path, YamlWrappedLines.Join(YamlLines.Split(utf8, errors)), errors, expected, remedy);
    }

    private static JsonCursor Parse(
        string path,
        List<YamlLine> lines,
        YamlErrors errors,
        string expected,
        string remedy
    )
    {
        var buffer = new ArrayBufferWriter<byte>();
        var offsets = new List<(long Json, long Yaml)>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = false }))
            new YamlReader(lines, errors, writer, offsets).Read();
        return new JsonSource(path, expected, remedy)
        {
            MapOffset = offset => offsets[Math.Max(0, FindLast(offsets, offset))].Yaml,
        }.Parse(buffer.WrittenSpan);
    }

    // The index of the last value that begins at or before an offset.
    private static int FindLast(List<(long Json, long Yaml)> offsets, long offset)
    {
        var index = offsets.BinarySearch((offset, long.MaxValue));
        return (index < 0 ? ~index : index) - 1;
    }
}

/// <summary>Creates the errors of a document.</summary>
internal sealed class YamlErrors(string path, string expected, string remedy)
{
    /// <summary>An error at a byte offset of the file.</summary>
    public InvalidFileException Create(long offset, string found, string expectation) =>
        new(path, offset, found, $"{expectation}, in {expected}", remedy);
}

/// <summary>A line with content, without indentation and comment.</summary>
/// <param name="Indent">Number of spaces before the content.</param>
/// <param name="Offset">Byte offset of the content in the file.</param>
internal readonly record struct YamlLine(int Indent, long Offset, string Text);

/// <summary>Splits a document into lines.</summary>
internal static class YamlLines
{
    private static readonly string DocumentStart = new('-', 3);

    private static readonly UTF8Encoding Strict = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    /// <summary>The lines with content.</summary>
    /// <exception cref="InvalidFileException">A line is not UTF-8, is indented by tabs, or begins another
    /// document.</exception>
    public static List<YamlLine> Split(ReadOnlySpan<byte> utf8, YamlErrors errors)
    {
        var lines = new List<YamlLine>();
        var start = utf8.StartsWith("\uFEFF"u8) ? 3 : 0;
        while (start < utf8.Length)
        {
            var length = utf8[start..].IndexOf((byte)'\n');
            var bytes = length < 0 ? utf8[start..] : utf8.Slice(start, length);
            Add(lines, bytes, start, errors);
            start += bytes.Length + 1;
        }
        return lines;
    }

    private static void Add(List<YamlLine> lines, ReadOnlySpan<byte> bytes, int start, YamlErrors errors)
    {
        var indent = bytes.IndexOfAnyExcept((byte)' ');
        if (indent < 0)
            return;
        string text;
        try
        {
            text = Strict.GetString(bytes[indent..]);
        }
        catch (DecoderFallbackException)
        {
            throw errors.Create(start, "a line that is not UTF-8", "UTF-8");
        }
        text = RemoveComment(text).TrimEnd(' ', '\t', '\r');
        if (text.Length == 0)
            return;
        if (text[0] == '\t')
            throw errors.Create(start + indent, "a tab as indentation", "spaces");
        if (indent == 0 && text == DocumentStart && lines.Count == 0)
            return;
        if (
            indent == 0
            && (
                text == DocumentStart || text == "..." || text.StartsWith(DocumentStart + " ", StringComparison.Ordinal)
            )
        )
            throw errors.Create(start, "a second document", "one document");
        if (indent == 0 && text[0] == '%')
            throw errors.Create(start, "a directive", "a document without directives");
        lines.Add(new(indent, start + indent, text));
    }

    // A comment begins with # at the start or after a space, outside of quotes.
    private static string RemoveComment(string text)
    {
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
            if (quote != '\0')
            {
                if (quote == '"' && text[i] == '\\')
                    i++;
                else if (text[i] == quote)
                    quote = '\0';
            }
            else if (text[i] is '"' or '\'' && (i == 0 || text[i - 1] is ' ' or '[' or '{' or ','))
                quote = text[i];
            else if (text[i] == '#' && (i == 0 || text[i - 1] is ' ' or '\t'))
                return text[..i];
        return text;
    }
}
