using System.Text.Json;
using AttnCrnn.IO;

namespace AttnCrnn.Encoders;

/// <summary>Reads and writes encoder descriptions in stores and models.</summary>
internal static class EncoderJson
{
    /// <summary>Writes the description as a property of the current object.</summary>
    public static void Write(Utf8JsonWriter json, string key, EncoderDescription encoder)
    {
        json.WriteStartObject(key);
        json.WriteString("name", encoder.Name);
        json.WriteString("revision", encoder.Revision);
        json.WriteString("layers", encoder.Layers);
        json.WriteNumber("frames_per_second", encoder.FramesPerSecond);
        json.WriteNumber("width", encoder.Width);
        json.WriteNumber("layer_count", encoder.LayerCount);
        json.WriteEndObject();
    }

    /// <exception cref="InvalidFileException">A field is missing or has another type.</exception>
    public static EncoderDescription Read(JsonCursor json) =>
        new(
            json.GetString("name"),
            json.GetString("revision"),
            json.GetString("layers"),
            json.GetDouble("frames_per_second"),
            json.GetInt32("width"),
            json.GetInt32("layer_count")
        );
}
