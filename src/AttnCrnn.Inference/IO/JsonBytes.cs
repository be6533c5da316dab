using System.Text.Json;

namespace AttnCrnn.IO;

/// <summary>Writes one JSON object under explicit keys.</summary>
internal static class JsonBytes
{
    /// <param name="writeFields">Writes the object's fields; the braces are written here.</param>
    /// <returns>UTF-8.</returns>
    public static byte[] WriteObject(Action<Utf8JsonWriter> writeFields, JsonWriterOptions options = default)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, options))
        {
            json.WriteStartObject();
            writeFields(json);
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }
}
