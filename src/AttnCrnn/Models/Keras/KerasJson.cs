using System.Text.Json;
using AttnCrnn.IO;

namespace AttnCrnn.Models.Keras;

/// <summary>The JSON of an archive's entries, of which every text can be read: .NET looks at a text only when it is asked for, and fails then.</summary>
internal static class KerasJson
{
    private const int Deepest = 64; // Keras' graph of this network is 13 deep

    /// <param name="file">For messages: the archive and its entry.</param>
    /// <exception cref="InvalidFileException">It is no JSON, too deep, or a text is no Unicode.</exception>
    public static JsonDocument Parse(string file, byte[] bytes)
    {
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = Deepest });
            RequireTexts(document.RootElement);
            return document;
        }
        catch (JsonException fault)
        {
            throw new InvalidFileException(
                file,
                JsonErrorOffset.Offset(fault, bytes),
                $"no JSON ({fault.Message.Split('.')[0]})",
                $"JSON (which knows no NaN) of at most {Deepest} levels",
                "fetch the file again"
            );
        }
        catch (InvalidOperationException) // of a text that is no UTF-8, or has half of a surrogate pair
        {
            document?.Dispose();
            throw new InvalidFileException(
                file,
                null,
                "a text that is no Unicode",
                "JSON in UTF-8",
                "fetch the file again"
            );
        }
    }

    private static void RequireTexts(JsonElement root)
    {
        var open = new Stack<JsonElement>([root]);
        while (open.TryPop(out var value))
        {
            if (value.ValueKind == JsonValueKind.String)
                _ = value.GetString();
            else if (value.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in value.EnumerateArray())
                    open.Push(item);
            }
            else if (value.ValueKind == JsonValueKind.Object)
            {
                foreach (var property in value.EnumerateObject())
                {
                    _ = property.Name;
                    open.Push(property.Value);
                }
            }
        }
    }
}
