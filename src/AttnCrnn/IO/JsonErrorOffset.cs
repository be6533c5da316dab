using System.Text.Json;

namespace AttnCrnn.IO;

/// <summary>Where a text stops being JSON: .NET counts in lines, an error here in bytes from the file's beginning.</summary>
internal static class JsonErrorOffset
{
    public static long? Offset(JsonException fault, ReadOnlySpan<byte> json)
    {
        var line = 0;
        for (var left = fault.LineNumber ?? 0; left > 0; left--)
            line += json[line..].IndexOf((byte)'\n') + 1;
        return line + fault.BytePositionInLine;
    }
}
