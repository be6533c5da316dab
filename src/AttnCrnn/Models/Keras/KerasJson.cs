using System.Text.Json;
using AttnCrnn.IO;

namespace AttnCrnn.Models.Keras;

/// <summary>
/// Parses the JSON of an archive's entries and validates all strings eagerly: .NET decodes a string only on access, and
/// throws then.
/// </summary>
internal static class KerasJson
{
    private const int MaxDepth = 64; // Keras' graph of this network is 13 deep

    /// <param name="file">Archive and entry, for error messages.</param>
    /// <exception cref="InvalidFileException">
    /// Not JSON, nested too deeply, or a string is not valid Unicode.
    /// </exception>
    public static JsonDocument Parse(string file, byte[] bytes)
    {
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = MaxDepth });
            RequireValidStrings(document.RootElement);
            return document;
        }
        catch (JsonException exception)
        {
            throw new InvalidFileException(
                file,
                JsonErrorOffset.Offset(exception, bytes),
                "invalid JSON",
                $"JSON (without NaN) of at most {MaxDepth} levels",
                "download the file again"
            );
        }
        catch (InvalidOperationException) // a string that is not UTF-8, or has an unpaired surrogate
        {
            document?.Dispose();
            throw new InvalidFileException(
                file,
                null,
                "a string that is not valid Unicode",
                "JSON in UTF-8",
                "download the file again"
            );
        }
    }

    private static void RequireValidStrings(JsonElement root)
    {
        var pending = new Stack<JsonElement>([root]);
        while (pending.TryPop(out var value))
        {
            if (value.ValueKind == JsonValueKind.String)
                _ = value.GetString();
            else if (value.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in value.EnumerateArray())
                    pending.Push(item);
            }
            else if (value.ValueKind == JsonValueKind.Object)
            {
                foreach (var property in value.EnumerateObject())
                {
                    _ = property.Name;
                    pending.Push(property.Value);
                }
            }
        }
    }
}
