using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AttnCrnn.Cli.Options;
using AttnCrnn.Encoders.Classifiers;
using AttnCrnn.Prediction;
using AttnCrnn.Prediction.Recordings;

namespace AttnCrnn.Cli.Commands.Prediction;

/// <summary>
/// One JSON object per line; an input that failed has <c>path</c>, <c>error</c> and the model alone.
/// </summary>
/// <param name="labels">[classes].</param>
/// <param name="output">What the outputs are: values have the key <c>values</c>, and no label.</param>
/// <param name="minConfidence">Below this probability the label is null.</param>
internal sealed class PredictionJson(
    IReadOnlyList<string> labels,
    ClassifierOutput output = ClassifierOutput.Probabilities,
    double minConfidence = 0
) : IPredictionFormat
{
    private readonly LabelChoice choice = new(labels, output, minConfidence);
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Name and hash of the model, which every object has; null: they are not written.</summary>
    public ModelIdentity? Model { get; init; }

    public string? Header => null;

    public bool IsProse => false;

    public string Format(RecordingPrediction prediction, string? plot = null)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteString("path", prediction.Input.Path);
            if (prediction.Error is { } error)
                json.WriteString("error", error.Text.Format(OptionParser.FormatKey));
            else
                WritePrediction(json, prediction, plot);
            WriteModel(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private void WritePrediction(Utf8JsonWriter json, RecordingPrediction prediction, string? plot)
    {
        if (choice.HasProbabilities)
            json.WriteString("label", choice.Choose(prediction.Probabilities)); // null: the JSON value null
        json.WritePropertyName(choice.HasProbabilities ? "probabilities" : "values");
        WriteOutputs(json, prediction.Probabilities);
        WriteSeconds(json, "start_s", prediction.StartSeconds);
        WriteSeconds(json, "end_s", prediction.EndSeconds);
        json.WriteStartArray("warnings");
        foreach (var warning in prediction.Warnings)
            json.WriteStringValue(warning.Name);
        json.WriteEndArray();
        if (prediction.Explanation is { } explanation)
            ExplanationJson.Write(json, explanation, labels, plot);
    }

    private void WriteModel(Utf8JsonWriter json)
    {
        if (Model is null)
            return;
        json.WriteString("model", Model.Name);
        json.WriteString("model_sha256", Model.Sha256); // null: the JSON value null
        if (Model.Revision is { } revision)
            json.WriteString("model_revision", revision);
    }

    private void WriteOutputs(Utf8JsonWriter json, double[]? outputs)
    {
        if (outputs is null)
        {
            json.WriteNullValue();
            return;
        }
        json.WriteStartObject();
        for (var label = 0; label < labels.Count; label++)
            json.WriteNumber(labels[label], outputs[label]);
        json.WriteEndObject();
    }

    private static void WriteSeconds(Utf8JsonWriter json, string key, double? seconds)
    {
        if (seconds is { } value)
            json.WriteNumber(key, value);
        else
            json.WriteNull(key);
    }
}
