using System.Text.Json;
using AttnCrnn.IO;

namespace AttnCrnn.Encoders;

/// <summary>An encoder's description as stores and models keep it.</summary>
internal static class EncoderJson
{
    /// <summary>Writes the description under a key of the object that is being written.</summary>
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

    /// <exception cref="JsonException">A field is missing or of another kind.</exception>
    public static EncoderDescription Read(JsonFields json) =>
        new(
            json.GetString("name"),
            json.GetString("revision"),
            json.GetString("layers"),
            json.GetDouble("frames_per_second"),
            json.GetInt32("width"),
            json.GetInt32("layer_count")
        );
}
