using System.Text.Json.Nodes;
using AttnCrnn.Evaluation;
using AttnCrnn.IO;

namespace AttnCrnn.Reports;

/// <summary>
/// The object <c>label_map</c> of metrics.json, of an evaluation on clips that the user gave; null otherwise.
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

    /// <param name="metrics">The object of the file.</param>
    /// <exception cref="InvalidFileException">The object is damaged.</exception>
    public static LabelMap? Read(JsonCursor metrics) =>
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
}
