using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AttnCrnn.Cli.Terminal;

/// <summary>One prediction as <c>predict --json</c> prints it, on one line.</summary>
internal static class PredictionJson
{
    /// <param name="labels">[classes].</param>
    /// <param name="probabilities">[classes], in full precision.</param>
    /// <param name="best">The index of the predicted label.</param>
    /// <param name="startSeconds">Start of the window in the recording; null: unknown.</param>
    public static string Format(
        string path,
        IReadOnlyList<string> labels,
        IReadOnlyList<double> probabilities,
        int best,
        double? startSeconds,
        double? endSeconds
    )
    {
        using var bytes = new MemoryStream();
        var options = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var json = new Utf8JsonWriter(bytes, options))
        {
            json.WriteStartObject();
            json.WriteString("path", path);
            json.WriteString("label", labels[best]);
            json.WriteStartObject("probabilities");
            for (var label = 0; label < labels.Count; label++)
                json.WriteNumber(labels[label], probabilities[label]);
            json.WriteEndObject();
            WriteSeconds(json, "start_s", startSeconds);
            WriteSeconds(json, "end_s", endSeconds);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static void WriteSeconds(Utf8JsonWriter json, string key, double? seconds)
    {
        if (seconds is { } value)
            json.WriteNumber(key, value);
        else
            json.WriteNull(key);
    }
}
