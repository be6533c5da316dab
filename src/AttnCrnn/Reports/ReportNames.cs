using System.Text.Json.Nodes;
using AttnCrnn.Evaluation;

namespace AttnCrnn.Reports;

/// <summary>
/// The names of speakers and clips in a page: their own, or <c>speaker 1</c> and <c>clip 12</c>, the row of
/// predictions.csv. A file's name alone would tell the speaker, as in RAVDESS and many other corpora.
/// </summary>
internal sealed class ReportNames
{
    private readonly bool withNames;
    private readonly Dictionary<string, string> speakers;
    private readonly Dictionary<ClipKey, int> rows;
    private readonly HashSet<string> labels;

    private ReportNames(EvaluationResult result, bool withNames)
    {
        this.withNames = withNames;
        labels = [.. result.Labels];
        speakers = result
            .Predictions.Select(clip => clip.Speaker)
            .OfType<string>()
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Index()
            .ToDictionary(
                speaker => speaker.Item,
                speaker => withNames ? speaker.Item : FormattableString.Invariant($"speaker {speaker.Index + 1}")
            );
        rows = result.Predictions.Index().ToDictionary(clip => clip.Item.Key, clip => clip.Index + 1);
    }

    public static ReportNames Create(EvaluationResult result, bool withNames) => new(result, withNames);

    /// <summary>A speaker; a dash for an unknown one.</summary>
    public string GetSpeaker(string? speaker) => speaker is null ? "–" : speakers[speaker];

    /// <summary>A clip, without the folder of its recording.</summary>
    public string GetClip(ClipPrediction clip) =>
        withNames
            ? (clip.Key with { Path = Path.GetFileName(clip.Path) }).ToString()
            : FormattableString.Invariant($"clip {rows[clip.Key]}");

    /// <summary>
    /// A copy of a JSON value in which speakers have the names of the page, and absolute paths are file names.
    /// </summary>
    public JsonNode? Replace(JsonNode? json) =>
        json switch
        {
            null => null,
            JsonObject fields => new JsonObject(
                fields.Select(field => KeyValuePair.Create(Replace(field.Key), Replace(field.Value)))
            ),
            JsonArray items => new JsonArray([.. items.Select(Replace)]),
            JsonValue value when value.TryGetValue(out string? text) => JsonValue.Create(Replace(text)),
            _ => json.DeepClone(),
        };

    private string Replace(string text) =>
        Path.IsPathRooted(text) ? Path.GetFileName(text)
        : !labels.Contains(text) && speakers.TryGetValue(text, out var name) ? name
        : text;
}
