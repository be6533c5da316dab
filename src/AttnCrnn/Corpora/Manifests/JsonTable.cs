using System.Text;
using AttnCrnn.IO;

namespace AttnCrnn.Corpora.Manifests;

/// <summary>
/// Reads manifests in JSON: an object per line (JSON lines), an array of objects, an object whose fields are all
/// objects, one per clip, or an object with a field per column, as pandas writes it by default. The columns are the
/// keys of all objects.
/// </summary>
internal static class JsonTable
{
    private const int MaxBytes = 256 << 20;
    private const string Expected = "an object per line, or an array of objects, as a list of recordings";
    private const string Remedy = "correct it, or specify a manifest or a recording";

    /// <summary>Reads a manifest; nested values other than an audio column's path are left out.</summary>
    /// <exception cref="InvalidFileException">The file is invalid.</exception>
    public static ManifestTable Read(string path)
    {
        var text = TextFile.Read(path, Expected, MaxBytes);
        var builder = new JsonTableBuilder(path);
        if (FindFirst(text) == '[')
            builder.AddRows(ReadArray(path, text));
        else if (IsObjectPerLine(path, text))
            builder.AddRows(ReadLines(path, text));
        else
            AddFields(builder, path, text);
        return builder.Create();
    }

    private static char FindFirst(string text) => text.FirstOrDefault(character => !char.IsWhiteSpace(character));

    private static bool IsObjectPerLine(string path, string text)
    {
        var lines = text.AsSpan().Trim();
        var first = lines.IndexOfAny('\r', '\n') is >= 0 and var end ? lines[..end] : lines;
        try
        {
            var value = Parse(path, 0, first.ToString());
            return !value.IsObject
                || first.Length < lines.Length
                || !(HasOnlyObjects(value) || HasOnlyLists(value) || JsonTableBuilder.HasColumns(value));
        }
        catch (InvalidFileException)
        {
            return false; // an object over several lines
        }
    }

    private static bool HasOnlyObjects(JsonCursor value) =>
        value.Fields.Any() && value.Fields.All(field => field.Value.IsObject);

    private static bool HasOnlyLists(JsonCursor value) =>
        value.Fields.Any() && value.Fields.All(field => field.Value.IsArray);

    private static IEnumerable<(int Line, JsonCursor Object)> ReadLines(string path, string text)
    {
        var number = 0;
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            yield return (number, ParseLine(path, number, line));
        }
    }

    private static JsonCursor ParseLine(string path, int number, string line)
    {
        JsonCursor? value = null;
        try
        {
            value = Parse(path, start: null, line);
        }
        catch (InvalidFileException)
        {
            // Its position is one in the line.
        }
        return value is { IsObject: true }
            ? value
            : throw new InvalidFileException(
                path,
                null,
                $"{InputFile.Quote(line)} in line {number}",
                "a JSON object",
                Remedy
            );
    }

    private static List<(int Line, JsonCursor Object)> ReadArray(string path, string text) =>
        NumberLines(text, Parse(path, 0, text).Items);

    private static void AddFields(JsonTableBuilder builder, string path, string text)
    {
        var value = Parse(path, 0, text);
        if (JsonTableBuilder.HasColumns(value))
            builder.AddColumns(value);
        else if (HasOnlyObjects(value))
            builder.AddRows(NumberLines(text, value.Fields.Select(field => field.Value)));
        else
            throw new InvalidFileException(
                path,
                0,
                "a JSON object that is no list",
                Expected,
                value.Find("columns") is null ? Remedy : "write it with orient=\"records\", if pandas wrote it"
            );
    }

    private static List<(int Line, JsonCursor Object)> NumberLines(string text, IEnumerable<JsonCursor> values)
    {
        List<(int Line, JsonCursor Object)> objects = [];
        var bytes = Encoding.UTF8.GetBytes(text).AsSpan();
        var line = 1;
        var counted = 0;
        foreach (var value in values)
        {
            var offset = (int)(value.Offset ?? counted);
            line += CountLineBreaks(bytes[counted..offset]);
            counted = offset;
            objects.Add(value.IsObject ? (line, value) : throw value.Unexpected("an object"));
        }
        return objects;
    }

    private static int CountLineBreaks(ReadOnlySpan<byte> bytes) => bytes.Count((byte)'\n');

    private static JsonCursor Parse(string path, long? start, string text)
    {
        var source = new JsonSource(path, Expected, Remedy) { Start = start };
        try
        {
            return source.Parse(Encoding.UTF8.GetBytes(text));
        }
        catch (InvalidFileException) when (JsonNaN.Find(text))
        {
            return source.Parse(Encoding.UTF8.GetBytes(JsonNaN.Replace(text)));
        }
    }
}
