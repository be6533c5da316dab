using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AttnCrnn.Cli.Options;
using AttnCrnn.Encoders.Classifiers;
using AttnCrnn.Metrics;
using AttnCrnn.Prediction.Recordings;

namespace AttnCrnn.Cli.Commands.Prediction;

/// <summary>One JSON object per line; an input that failed has the keys <c>path</c> and <c>error</c> alone.</summary>
/// <param name="labels">[classes].</param>
/// <param name="output">What the outputs are: values have the key <c>values</c>, and no label.</param>
internal sealed class PredictionJson(
    IReadOnlyList<string> labels,
    ClassifierOutput output = ClassifierOutput.Probabilities
) : IPredictionFormat
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string? Header => null;

    public bool IsProse => false;

    public string Format(RecordingPrediction prediction)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteString("path", prediction.Input.Path);
            if (prediction.Error is { } error)
                json.WriteString("error", error.Text.Format(OptionParser.FormatKey));
            else
                WriteProbabilities(json, prediction, prediction.Probabilities!);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private void WriteProbabilities(Utf8JsonWriter json, RecordingPrediction prediction, double[] probabilities)
    {
        if (output != ClassifierOutput.Values)
            json.WriteString("label", labels[ClassProbabilities.FindMostProbable(probabilities)]);
        json.WriteStartObject(output == ClassifierOutput.Values ? "values" : "probabilities");
        for (var label = 0; label < labels.Count; label++)
            json.WriteNumber(labels[label], probabilities[label]);
        json.WriteEndObject();
        WriteSeconds(json, "start_s", prediction.StartSeconds);
        WriteSeconds(json, "end_s", prediction.EndSeconds);
    }

    private static void WriteSeconds(Utf8JsonWriter json, string key, double? seconds)
    {
        if (seconds is { } value)
            json.WriteNumber(key, value);
        else
            json.WriteNull(key);
    }
}
