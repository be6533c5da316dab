using System.Text.Json.Nodes;
using AttnCrnn.Evaluation;
using AttnCrnn.IO;

namespace AttnCrnn.Reports;

/// <summary>
/// The objects <c>overlap</c> of metrics.json, of an evaluation on clips that the user gave, and
/// <c>initial_overlap</c>, of a test set and the initial model of a training; null otherwise.
/// </summary>
internal static class TrainingOverlapJson
{
    public const string Name = "overlap";
    public const string InitialName = "initial_overlap";

    public static JsonObject? Create(TrainingOverlap? overlap) =>
        overlap is null
            ? null
            : new()
            {
                ["models"] = overlap.Models,
                ["n_training_clips"] = overlap.TrainingClips,
                ["n_validation_clips"] = overlap.ValidationClips,
                ["n_near_copies"] = overlap.NearCopies,
                ["n_shared_speakers"] = overlap.SharedSpeakers,
                ["all_have_speakers"] = overlap.AllHaveSpeakers,
                ["training_corpora"] = ReportJson.CreateStrings(overlap.TrainingCorpora),
                ["evaluated_corpora"] = ReportJson.CreateStrings(overlap.EvaluatedCorpora),
                ["unknown"] = overlap.Unknown,
            };

    /// <param name="metrics">The object of the file.</param>
    /// <param name="name"><see cref="Name"/> or <see cref="InitialName"/>.</param>
    /// <exception cref="InvalidFileException">The object is damaged.</exception>
    public static TrainingOverlap? Read(JsonCursor metrics, string name) =>
        metrics.Find(name) is { IsObject: true } json
            ? new()
            {
                Models = json.GetInt32("models", min: 1),
                TrainingClips = json.GetInt32("n_training_clips", min: 0),
                ValidationClips = json.GetInt32("n_validation_clips", min: 0),
                NearCopies = json.Find("n_near_copies")?.AsInt32(),
                SharedSpeakers = json.GetInt32("n_shared_speakers", min: 0),
                AllHaveSpeakers = json.GetBoolean("all_have_speakers"),
                TrainingCorpora = json.FindStrings("training_corpora"),
                EvaluatedCorpora = json.FindStrings("evaluated_corpora"),
                Unknown = json.Get("unknown").AsString(),
            }
            : null;
}
