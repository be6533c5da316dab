using System.Text.Json;
using AttnCrnn.Prediction.Explanations;

namespace AttnCrnn.Cli.Commands.Prediction;

/// <summary>The key <c>explanation</c> of a prediction in JSON; times are those of the recording.</summary>
internal static class ExplanationJson
{
    /// <param name="labels">[classes].</param>
    /// <param name="plot">Path of the plot.</param>
    public static void Write(Utf8JsonWriter json, Explanation explanation, IReadOnlyList<string> labels, string? plot)
    {
        json.WriteStartObject("explanation");
        json.WriteString("label", labels[explanation.PredictedClass]);
        if (explanation.Attention is { } attention)
        {
            WriteArray(json, "attention", attention.Weights);
            json.WriteNumber("attention_start_s", explanation.StartSeconds);
            json.WriteNumber("attention_step_s", attention.StepSeconds);
        }
        else
            json.WriteNull("attention");
        WriteArray(json, "occlusion", explanation.ProbabilityLost);
        json.WriteNumber("occlusion_start_s", explanation.StartSeconds);
        json.WriteNumber("occlusion_step_s", Explanation.OcclusionSeconds);
        json.WriteString("plot", plot);
        json.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter json, string key, IEnumerable<double> values)
    {
        json.WriteStartArray(key);
        foreach (var value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
