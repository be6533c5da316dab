using System.Text;
using System.Text.Json;
using AttnCrnn.IO;

namespace AttnCrnn.Formats.Yaml;

/// <summary>Reads the blocks of a document and writes them as JSON.</summary>
/// <param name="offsets">Receives, for each value, its offset in the JSON and in the file.</param>
internal sealed class YamlReader(
    IReadOnlyList<YamlLine> lines,
    YamlErrors errors,
    Utf8JsonWriter writer,
    List<(long Json, long Yaml)> offsets
)
{
    private const int MaxDepth = 32;

    private readonly YamlScalars scalars = new(errors, writer, offsets);
    private int next;

    /// <summary>Reads the whole document.</summary>
    /// <exception cref="InvalidFileException">It is not of the supported subset.</exception>
    public void Read()
    {
        if (lines.Count == 0)
            throw errors.Create(0, "no content", "a mapping");
        ReadBlock(lines[0], depth: 0);
        if (next < lines.Count)
            throw errors.Create(lines[next].Offset, "a line with less indentation", "the indentation of its block");
    }

    // The block that begins with a line, which may be the rest of a line after a dash.
    private void ReadBlock(YamlLine first, int depth)
    {
        if (depth > MaxDepth)
            throw errors.Create(first.Offset, $"more than {MaxDepth} levels", $"at most {MaxDepth} levels");
        offsets.Add((writer.BytesCommitted + writer.BytesPending, first.Offset));
        if (IsItem(first.Text))
            ReadSequence(first, depth);
        else if (FindColon(first.Text) >= 0)
            ReadMapping(first, depth);
        else
        {
            next++;
            scalars.Write(first.Text, first.Offset);
        }
    }

    private void ReadMapping(YamlLine line, int depth)
    {
        var indent = line.Indent;
        var keys = new HashSet<string>(StringComparer.Ordinal);
        writer.WriteStartObject();
        while (true)
        {
            var colon = FindColon(line.Text);
            if (colon < 0 || IsItem(line.Text))
                throw errors.Create(line.Offset, InputFile.Quote(line.Text), "KEY: VALUE");
            var key = scalars.ReadKey(line.Text[..colon].TrimEnd(' '), line.Offset);
            if (!keys.Add(key))
                throw errors.Create(line.Offset, $"{InputFile.Quote(key)} a second time", "each key once");
            writer.WritePropertyName(key);
            var remainder = line.Text[(colon + 1)..];
            var value = remainder.TrimStart(' ');
            next++;
            if (value.Length > 0)
                scalars.Write(value, line.Offset + Encoding.UTF8.GetByteCount(line.Text[..^value.Length]));
            else
                ReadNested(line, indent, depth);
            if (next >= lines.Count || lines[next].Indent < indent)
                break;
            line = lines[next];
            RequireIndent(line, indent);
        }
        writer.WriteEndObject();
    }

    // The value of a key without one on its line: a sequence may have the indentation of the key.
    private void ReadNested(YamlLine key, int indent, int depth)
    {
        if (
            next < lines.Count
            && (lines[next].Indent > indent || (lines[next].Indent == indent && IsItem(lines[next].Text)))
        )
            ReadBlock(lines[next], depth + 1);
        else
            scalars.Write("null", key.Offset);
    }

    private void ReadSequence(YamlLine line, int depth)
    {
        var indent = line.Indent;
        writer.WriteStartArray();
        while (true)
        {
            var content = line.Text[1..].TrimStart(' ');
            if (content.Length == 0)
            {
                next++;
                if (next < lines.Count && lines[next].Indent > indent)
                    ReadBlock(lines[next], depth + 1);
                else
                    scalars.Write("null", line.Offset);
            }
            else
            {
                var skipped = line.Text.Length - content.Length;
                ReadBlock(new(indent + skipped, line.Offset + skipped, content), depth + 1);
            }
            if (next >= lines.Count || lines[next].Indent < indent || !IsItem(lines[next].Text))
                break;
            line = lines[next];
            RequireIndent(line, indent);
        }
        writer.WriteEndArray();
    }

    private void RequireIndent(YamlLine line, int indent)
    {
        if (line.Indent != indent)
            throw errors.Create(line.Offset, $"{line.Indent} spaces of indentation", $"{indent}, as the lines before");
    }

    private static bool IsItem(string text) => text == "-" || text.StartsWith("- ", StringComparison.Ordinal);

    // The colon after a key, which is followed by a space or the end of the line; -1 without one.
    internal static int FindColon(string text)
    {
        if (text[0] is '[' or '{')
            return -1;
        var first = text[0] is '"' or '\'' ? YamlScalars.FindQuoteEnd(text, 0) + 1 : 0;
        for (var i = first; first >= 0 && i < text.Length; i++)
            if (text[i] == ':' && (i + 1 == text.Length || text[i + 1] == ' '))
                return i;
            else if (first > 0 && text[i] != ' ')
                return -1; // after a quoted scalar
        return -1;
    }
}
