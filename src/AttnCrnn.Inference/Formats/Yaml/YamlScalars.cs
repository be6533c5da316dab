using System.Globalization;
using System.Text;
using System.Text.Json;
using AttnCrnn.IO;

namespace AttnCrnn.Formats.Yaml;

/// <summary>
/// Reads scalars by YAML 1.2's core schema (1e-05 is a number, yes is a string), and flow collections on one line.
/// </summary>
/// <param name="offsets">Receives, for each value, its offset in the JSON and in the file.</param>
internal sealed class YamlScalars(YamlErrors errors, Utf8JsonWriter writer, List<(long Json, long Yaml)> offsets)
{
    private const int MaxDepth = 16;
    private const string Indicators = "&*!|>%@`";

    /// <summary>Writes the value that a text of one line is.</summary>
    /// <exception cref="InvalidFileException">It is not of the supported subset.</exception>
    public void Write(string text, long offset)
    {
        var position = 0;
        WriteValue(text, ref position, offset, depth: 0, isFlow: false);
        if (position < text.Length)
            throw errors.Create(
                Locate(text, position, offset),
                $"{InputFile.Quote(text[position..])} after a value",
                "one value, on one line"
            );
    }

    /// <summary>A key, without its quotes.</summary>
    /// <exception cref="InvalidFileException">It is not a plain or quoted scalar.</exception>
    public string ReadKey(string text, long offset)
    {
        var position = 0;
        if (text is ['"' or '\'', ..])
        {
            var key = ReadQuoted(text, ref position, offset);
            return position == text.Length ? key : throw errors.Create(offset, InputFile.Quote(text), "a key");
        }
        if (
            text.Length == 0
            || text == "<<"
            || text[0] == '?'
            || Indicators.Contains(text[0], StringComparison.Ordinal)
        )
            throw errors.Create(
                offset,
                $"the key {InputFile.Quote(text)}",
                "a plain or quoted key; nothing is evaluated"
            );
        return text;
    }

    /// <summary>The position of the quote that ends a quoted scalar; -2 without one.</summary>
    public static int FindQuoteEnd(string text, int start)
    {
        var quote = text[start];
        for (var i = start + 1; i < text.Length; i++)
            if (quote == '"' && text[i] == '\\')
                i++;
            else if (text[i] == quote && quote == '\'' && i + 1 < text.Length && text[i + 1] == quote)
                i++;
            else if (text[i] == quote)
                return i;
        return -2;
    }

    private void WriteValue(string text, ref int position, long offset, int depth, bool isFlow)
    {
        if (depth > MaxDepth)
            throw errors.Create(
                Locate(text, position, offset),
                $"more than {MaxDepth} levels",
                $"at most {MaxDepth} levels"
            );
        offsets.Add((writer.BytesCommitted + writer.BytesPending, Locate(text, position, offset)));
        switch (text[position])
        {
            case '[':
                WriteSequence(text, ref position, offset, depth);
                break;
            case '{':
                WriteMapping(text, ref position, offset, depth);
                break;
            case '"' or '\'':
                writer.WriteStringValue(ReadQuoted(text, ref position, offset));
                break;
            default:
                WritePlain(ReadPlain(text, ref position, offset, isFlow));
                break;
        }
    }

    private void WriteSequence(string text, ref int position, long offset, int depth)
    {
        writer.WriteStartArray();
        position++;
        while (!TryEnd(text, ref position, offset, ']'))
        {
            WriteValue(text, ref position, offset, depth + 1, isFlow: true);
            Separate(text, ref position, offset, ']');
        }
        writer.WriteEndArray();
    }

    private void WriteMapping(string text, ref int position, long offset, int depth)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        writer.WriteStartObject();
        position++;
        while (!TryEnd(text, ref position, offset, '}'))
        {
            var start = position;
            var end = text[position] is '"' or '\'' ? FindQuoteEnd(text, position) + 1 : position;
            var colon = end < 0 ? -1 : text.IndexOf(':', end);
            if (colon < 0)
                throw errors.Create(Locate(text, start, offset), "an entry without a colon", "KEY: VALUE");
            var key = ReadKey(text[start..colon].TrimEnd(' '), Locate(text, start, offset));
            if (!keys.Add(key))
                throw errors.Create(
                    Locate(text, start, offset),
                    $"{InputFile.Quote(key)} a second time",
                    "each key once"
                );
            writer.WritePropertyName(key);
            position = colon + 1;
            if (TrySkipSpaces(text, ref position) && text[position] is not (',' or '}'))
                WriteValue(text, ref position, offset, depth + 1, isFlow: true);
            else
                writer.WriteNullValue();
            Separate(text, ref position, offset, '}');
        }
        writer.WriteEndObject();
    }

    // Skips the end of a collection, and says whether it was there.
    private bool TryEnd(string text, ref int position, long offset, char end)
    {
        if (!TrySkipSpaces(text, ref position))
            throw errors.Create(Locate(text, position, offset), "the end of the line", $"{end}, on the same line");
        if (text[position] != end)
            return false;
        position++;
        TrySkipSpaces(text, ref position);
        return true;
    }

    private void Separate(string text, ref int position, long offset, char end)
    {
        if (!TrySkipSpaces(text, ref position) || (text[position] != ',' && text[position] != end))
            throw errors.Create(Locate(text, position, offset), "an entry that does not end", $"a comma, or {end}");
        if (text[position] == ',')
            position++;
    }

    private static bool TrySkipSpaces(string text, ref int position)
    {
        while (position < text.Length && text[position] == ' ')
            position++;
        return position < text.Length;
    }

    private string ReadPlain(string text, ref int position, long offset, bool isFlow)
    {
        var start = position;
        if (
            Indicators.Contains(text[start], StringComparison.Ordinal)
            || (text[start] is ']' or '}' or ',')
            || text[start..].StartsWith("? ", StringComparison.Ordinal)
        )
            throw errors.Create(
                Locate(text, start, offset),
                $"{InputFile.Quote(text[start..])}",
                "a number, a string, a list or a mapping; nothing is evaluated"
            );
        position = isFlow ? text.IndexOfAny([',', ']', '}', '[', '{'], start) : text.Length;
        if (position < 0)
            position = text.Length;
        return text[start..position].TrimEnd(' ');
    }

    private void WritePlain(string text)
    {
        if (text is "null" or "Null" or "NULL" or "~")
            writer.WriteNullValue();
        else if (text is "true" or "True" or "TRUE")
            writer.WriteBooleanValue(true);
        else if (text is "false" or "False" or "FALSE")
            writer.WriteBooleanValue(false);
        else if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
            writer.WriteNumberValue(integer);
        else if (
            IsFloat(text)
            && double.Parse(text, CultureInfo.InvariantCulture) is var number
            && double.IsFinite(number)
        )
            writer.WriteNumberValue(number);
        else
            writer.WriteStringValue(text);
    }

    // [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
    private static bool IsFloat(string text)
    {
        const NumberStyles style =
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return text.Any(char.IsAsciiDigit)
            && text.All(character =>
                char.IsAsciiDigit(character) || "+-.eE".Contains(character, StringComparison.Ordinal)
            )
            && double.TryParse(text, style, CultureInfo.InvariantCulture, out _);
    }

    private string ReadQuoted(string text, ref int position, long offset)
    {
        var start = position;
        var end = FindQuoteEnd(text, start);
        if (end < 0)
            throw errors.Create(Locate(text, start, offset), "a quote without its end", "a string on one line");
        position = end + 1;
        TrySkipSpaces(text, ref position);
        var content = text[(start + 1)..end];
        return text[start] == '\''
            ? content.Replace("''", "'", StringComparison.Ordinal)
            : Unescape(content, Locate(text, start, offset));
    }

    private string Unescape(string content, long offset)
    {
        var result = new StringBuilder(content.Length);
        for (var i = 0; i < content.Length; i++)
        {
            if (content[i] != '\\')
            {
                result.Append(content[i]);
                continue;
            }
            i++;
            if (content[i] == 'u' && i + 4 < content.Length)
            {
                if (
                    !ushort.TryParse(
                        content.AsSpan(i + 1, 4),
                        NumberStyles.AllowHexSpecifier,
                        CultureInfo.InvariantCulture,
                        out var code
                    )
                )
                    throw errors.Create(offset, "an invalid escape", @"\u and four hexadecimal digits");
                if (char.IsSurrogate((char)code))
                    throw errors.Create(offset, "the escape of a surrogate", "the character itself");
                result.Append((char)code);
                i += 4;
                continue;
            }
            result.Append(
                content[i] switch
                {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    '"' => '"',
                    '\\' => '\\',
                    '/' => '/',
                    '0' => '\0',
                    _ => throw errors.Create(
                        offset,
                        $"the escape \\{content[i]}",
                        @"\n, \t, \r, \"", \\, \/, \0 or \u"
                    ),
                }
            );
        }
        return result.ToString();
    }

    private static long Locate(string text, int position, long offset) =>
        offset + Encoding.UTF8.GetByteCount(text.AsSpan(0, position));
}
