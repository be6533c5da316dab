using System.Text.Json.Nodes;
using AttnCrnn.Evaluation;
using AttnCrnn.IO;

namespace AttnCrnn.Reports;

/// <summary>
/// The objects <c>label_map</c> and <c>overlap</c> of metrics.json, of an evaluation on clips that the user gave; null
/// otherwise.
/// </summary>
internal static class LabelMapJson
{
    public static JsonObject? Create(LabelMap? map) =>
        map is null
            ? null
            : new()
            {
                ["labels"] = new JsonArray([
                    .. map.Labels.Select(label =>
                        (JsonNode)
                            new JsonObject
                            {
                                ["label"] = label.Label,
                                ["class"] = label.Class,
                                ["n_clips"] = label.Clips,
                            }
                    ),
                ]),
                ["only_in_clips"] = ReportJson.CreateStrings(map.LeftOut.Select(label => label.Label)),
                ["only_in_model"] = ReportJson.CreateStrings(map.OnlyInModel),
                ["description"] = LabelMapText.Describe(map),
            };

    public static JsonObject? Create(TrainingOverlap? overlap) =>
        overlap is null
            ? null
            : new()
            {
                ["models"] = overlap.Models,
                ["n_training_clips"] = overlap.TrainingClips,
                ["n_validation_clips"] = overlap.ValidationClips,
                ["n_shared_speakers"] = overlap.SharedSpeakers,
                ["all_have_speakers"] = overlap.AllHaveSpeakers,
                ["unknown"] = overlap.Unknown,
            };

    /// <param name="metrics">The object of the file.</param>
    /// <exception cref="InvalidFileException">The object is damaged.</exception>
    public static LabelMap? ReadLabelMap(JsonCursor metrics) =>
        metrics.Find("label_map") is { IsObject: true } json
            ? new(
                [
                    .. json.GetArray("labels")
                        .Items.Select(label => new MappedLabel(
                            label.GetString("label"),
                            label.Get("class").AsString(),
                            label.GetInt32("n_clips", min: 0)
                        )),
                ],
                metrics.GetStrings("labels")
            )
            : null;

    /// <param name="metrics">The object of the file.</param>
    /// <exception cref="InvalidFileException">The object is damaged.</exception>
    public static TrainingOverlap? ReadOverlap(JsonCursor metrics) =>
        metrics.Find("overlap") is { IsObject: true } json
            ? new()
            {
                Models = json.GetInt32("models", min: 1),
                TrainingClips = json.GetInt32("n_training_clips", min: 0),
                ValidationClips = json.GetInt32("n_validation_clips", min: 0),
                SharedSpeakers = json.GetInt32("n_shared_speakers", min: 0),
                AllHaveSpeakers = json.GetBoolean("all_have_speakers"),
                Unknown = json.Get("unknown").AsString(),
            }
            : null;
}
