using System.Text.Json;

namespace AttnCrnn.IO;

/// <summary>
/// Describes why JSON could not be read, in this program's words: those of .NET differ between its versions.
/// </summary>
internal static class JsonErrorText
{
    /// <param name="exception">Of <see cref="JsonDocument"/>, <see cref="JsonElement"/> or
    /// <see cref="JsonFields"/>.</param>
    public static string Describe(Exception exception) =>
        exception switch
        {
            // Only the parser's own have a position.
            JsonException { LineNumber: { } line, BytePositionInLine: { } position } =>
                $"invalid JSON at byte {position + 1} of line {line + 1}",
            JsonException => exception.Message,
            KeyNotFoundException => "a field is missing",
            FormatException or OverflowException => "a number is out of range",
            IndexOutOfRangeException => "a list is too short",
            _ => "a field has the wrong type",
        };
}
