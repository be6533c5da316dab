using System.Text.Json;

namespace AttnCrnn.IO;

/// <summary>Converts the line and position of a JSON error to a byte offset from the start of the file.</summary>
internal static class JsonErrorOffset
{
    public static long? Offset(JsonException exception, ReadOnlySpan<byte> json)
    {
        var lineStart = 0;
        for (var remaining = exception.LineNumber ?? 0; remaining > 0; remaining--)
            lineStart += json[lineStart..].IndexOf((byte)'\n') + 1;
        return lineStart + exception.BytePositionInLine;
    }
}
