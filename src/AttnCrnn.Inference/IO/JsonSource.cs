using System.Text.Json;
using System.Text.Unicode;

namespace AttnCrnn.IO;

/// <summary>
/// A JSON document's file and purpose, which every error contains; parses the document. Immutable and thread-safe.
/// </summary>
/// <param name="file">Its path; <c>archive.keras:config.json</c> for an archive entry.</param>
/// <param name="expected">What the document should be, for messages.</param>
/// <param name="remedy">What the user can do if it is something else.</param>
public sealed class JsonSource(string file, string expected, OptionText remedy)
{
    private const int DefaultMaxDepth = 64;

    /// <summary>The path, or the name of an entry.</summary>
    internal string File => file;

    /// <summary>What the document should be.</summary>
    internal string Expected => expected;

    /// <summary>What the user can do if it is something else.</summary>
    internal OptionText Remedy => remedy;

    /// <summary>
    /// Byte offset of the document in the file; null if the text is not stored verbatim in the file, so that its errors
    /// have no offset.
    /// </summary>
    public long? Start { get; init; } = 0;

    /// <summary>
    /// Maps an offset in the parsed text to one in the file, if the text was made from another format.
    /// </summary>
    internal Func<long, long> MapOffset { get; init; } = offset => offset;

    /// <summary>Receives the key and the default of every field that is missing, each time it is read.</summary>
    internal Action<string, object>? DefaultTaken { get; init; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidFileException">As for <see cref="Parse"/>, or if it is missing or too large.</exception>
    internal JsonCursor Read(int maxBytes, JsonDocumentOptions options = default) =>
        Parse(InputFile.ReadAll(file, expected, remedy, maxBytes), options);

    /// <summary>
    /// Parses a document; all its strings are valid Unicode then. The result holds a copy and needs no disposal.
    /// </summary>
    /// <param name="options">By default at most 64 levels; of duplicate properties the last is used.</param>
    /// <exception cref="InvalidFileException">
    /// Not JSON, nested too deeply, or a string is not valid Unicode.
    /// </exception>
    public JsonCursor Parse(ReadOnlySpan<byte> utf8, JsonDocumentOptions options = default)
    {
        try
        {
            var start = CheckStrings(utf8, options);
            return new(this, JsonElement.Parse(utf8, options), Start + start);
        }
        catch (JsonException exception)
        {
            var depth = options.MaxDepth > 0 ? options.MaxDepth : DefaultMaxDepth;
            var recognized = InputFile.Recognize(utf8);
            throw new InvalidFileException(
                file,
                Start + FindOffset(exception, utf8),
                recognized?.Found ?? DescribeError(exception),
                $"JSON (without NaN) of at most {depth} levels: {expected}",
                recognized?.Remedy ?? remedy
            );
        }
    }

    // .NET decodes a string only on access, and throws then. Returns the offset of the root value.
    private long CheckStrings(ReadOnlySpan<byte> utf8, JsonDocumentOptions options)
    {
        var reader = new Utf8JsonReader(
            utf8,
            new JsonReaderOptions
            {
                AllowTrailingCommas = options.AllowTrailingCommas,
                CommentHandling = options.CommentHandling,
                MaxDepth = options.MaxDepth,
            }
        );
        long? start = null;
        while (reader.Read())
        {
            start ??= reader.TokenStartIndex;
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && !IsUnicode(in reader))
                throw new InvalidFileException(
                    file,
                    Start + reader.TokenStartIndex,
                    "a string that is not valid Unicode",
                    $"JSON in UTF-8: {expected}",
                    remedy
                );
        }
        return start ?? 0;
    }

    private static bool IsUnicode(in Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
            return Utf8.IsValid(reader.ValueSpan);
        try
        {
            _ = reader.GetString();
            return true;
        }
        catch (InvalidOperationException) // also an escaped half of a surrogate pair
        {
            return false;
        }
    }

    // From the line and the position in it.
    private static long? FindOffset(JsonException exception, ReadOnlySpan<byte> utf8)
    {
        var lineStart = 0;
        for (var remaining = exception.LineNumber ?? 0; remaining > 0; remaining--)
            lineStart += utf8[lineStart..].IndexOf((byte)'\n') + 1;
        return lineStart + exception.BytePositionInLine;
    }

    // Not .NET's message, which differs between its versions.
    private static string DescribeError(JsonException exception) =>
        exception is { LineNumber: { } line, BytePositionInLine: { } position }
            ? $"invalid JSON at byte {position + 1} of line {line + 1}"
            : "invalid JSON";
}
