using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AttnCrnn.Evaluation;
using AttnCrnn.Evaluation.Statistics;

namespace AttnCrnn.Reports;

/// <summary>Values of the JSON of reports: full precision, undefined values as null.</summary>
internal static class ReportJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The text of an object, indented, without a line break at its end.</summary>
    public static string Serialize(JsonObject json) => json.ToJsonString(Options);

    /// <summary>A number; null if it is not finite.</summary>
    public static JsonValue? CreateNumber(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

    /// <summary>A list of texts.</summary>
    public static JsonArray CreateStrings(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    /// <summary>Mean and standard deviation; null if there is no value.</summary>
    public static JsonObject? CreateMeanAndStd(MeanAndStd? statistics) =>
        statistics is { } value
            ? new()
            {
                ["mean"] = CreateNumber(value.Mean),

                ["deviation"] = value.StandardDeviation is { } std ? CreateNumber(std) : null,
            }
            : null;

    /// <summary>[low, high]; null if there is no interval.</summary>
    public static JsonArray? CreateInterval(ConfidenceInterval? interval) =>
        interval is { } bounds ? new JsonArray(bounds.Low, bounds.High) : null;
}
