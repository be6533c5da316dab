using System.Text.Json.Nodes;
using AttnCrnn.Encoders;
using AttnCrnn.Models;
using AttnCrnn.Reports.ModelCards;

namespace AttnCrnn.Reports.Inventory;

/// <summary>The details of a model as JSON: full precision, null for what is not known.</summary>
public static class ModelDetailsJson
{
    /// <summary>One object.</summary>
    public static string Serialize(ModelDetails details)
    {
        ArgumentNullException.ThrowIfNull(details);
        return ReportJson.Serialize(
            new()
            {
                ["name"] = details.Name,
                ["run"] = details.Run is { } run ? InventoryJson.Create(run) : null,
                ["sha256"] = details.Sha256,
                ["files"] = new JsonArray([.. details.Files.Select(file => (JsonNode)CreateFile(file))]),
                ["model"] = details.Model is { } model ? CreateModel(model) : null,
                ["options"] = CreateOptions(details.Options),
                ["data"] = ReportJson.CreateStrings(details.DataNames),
                ["split"] = details.Metrics is { } metrics ? CreateSplit(metrics.Summary.Split) : null,
                ["metrics"] = details.Metrics is { } evaluated ? CreateMetrics(evaluated) : null,
                ["limits"] = ReportJson.CreateStrings(details.Limits),
            }
        );
    }

    private static JsonObject CreateFile(ModelFileDetails file) =>
        new()
        {
            ["path"] = file.Path,
            ["bytes"] = new FileInfo(file.Path).Length,
            ["sha256"] = file.Sha256,
            ["temperature"] = file.Info.Temperature,
        };

    private static JsonObject CreateModel(TrainedModelInfo model) =>
        new()
        {
            ["labels"] = ReportJson.CreateStrings(model.Labels),
            ["network"] = NetworkVersions.Format(model.Network.Version),
            ["parameters"] = ModelFacts.CountParameters(model.Network),
            ["encoder"] = CreateEncoder(model.Encoder),
            ["normalization"] = NormalizationModes.Format(model.Normalization.Kind),
            ["temperature"] = model.Temperature,
            ["padding"] = model.Padding,
            ["synthetic"] = model.Synthetic,
            ["version"] = model.Version,
        };

    private static JsonObject CreateEncoder(EncoderDescription encoder) =>
        new()
        {
            ["name"] = encoder.Name,
            ["revision"] = encoder.Revision,
            ["layers"] = encoder.Layers,
            ["frames_per_second"] = encoder.FramesPerSecond,
            ["width"] = encoder.Width,
            ["layer_count"] = encoder.LayerCount,
        };

    private static JsonObject CreateOptions(IEnumerable<KeyValuePair<string, string>> options) =>
        new(options.Select(option => KeyValuePair.Create(option.Key, (JsonNode?)option.Value)));

    private static JsonObject CreateSplit(SplitSummary split) =>
        new()
        {
            ["method"] = split.Method,
            ["description"] = split.Description,
            ["speakers_disjoint"] = split.SpeakersDisjoint,
        };

    private static JsonObject CreateMetrics(CardMetrics metrics)
    {
        var summary = metrics.Summary;
        return new()
        {
            ["n_clips"] = summary.Clips,
            ["n_speakers"] = summary.Speakers,
            ["folds"] = metrics.Folds,
            ["uar"] = ReportJson.CreateNumber(summary.Uar),
            ["uar_ci95"] = ReportJson.CreateInterval(summary.UarInterval),
            ["accuracy"] = ReportJson.CreateNumber(summary.Accuracy),
            ["accuracy_ci95"] = ReportJson.CreateInterval(summary.AccuracyInterval),
            ["macro_f1"] = ReportJson.CreateNumber(summary.MacroF1),
            ["macro_f1_ci95"] = ReportJson.CreateInterval(summary.MacroF1Interval),
            ["recall"] = new JsonObject(
                metrics.Classes.Select(row =>
                    KeyValuePair.Create(row.Label, (JsonNode?)ReportJson.CreateNumber(row.Recall))
                )
            ),
        };
    }
}
