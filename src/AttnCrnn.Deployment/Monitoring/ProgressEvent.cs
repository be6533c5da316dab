using System.Text.Json;

namespace AttnCrnn.Deployment.Monitoring;

/// <summary>A line of a run's progress.jsonl (docs/progress.md).</summary>
public sealed record ProgressEvent
{
    /// <summary>The version of the format that this program knows.</summary>
    public const int FormatVersion = 1;

    private readonly JsonElement fields;

    private ProgressEvent(JsonElement fields) => this.fields = fields;

    /// <summary>What happened.</summary>
    public required ProgressEventKind Kind { get; init; }

    /// <summary>When it happened, by the clock of the run's machine; null if the line has no valid time.</summary>
    public DateTimeOffset? Time { get; private init; }

    /// <summary>Of a repeated run, which the scripts add to the events; null for a run of one seed.</summary>
    public RunSeed? Seed => RunSeed.Create(GetUInt64("seed"), GetUInt64("first_seed"), GetInt32("seeds"));

    /// <summary>From 1; null without cross-validation.</summary>
    public int? Fold => GetInt32("fold");

    /// <summary>The number of folds; null without cross-validation.</summary>
    public int? Folds => GetInt32("folds");

    /// <summary>From 1.</summary>
    public int? Epoch => GetInt32("epoch");

    /// <summary>The maximum number of epochs.</summary>
    public int? Epochs => GetInt32("epochs");

    /// <summary>Parses a line.</summary>
    /// <returns>
    /// null for an incomplete or damaged line, and for an event that only a newer version of the program knows.
    /// </returns>
    public static ProgressEvent? Parse(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var fields = document.RootElement.Clone();
            if (fields.ValueKind != JsonValueKind.Object || FindKind(fields) is not { } kind)
                return null;
            var parsed = new ProgressEvent(fields) { Kind = kind };
            return parsed with { Time = DateTimeOffset.TryParse(parsed.GetString("time"), out var time) ? time : null };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>An integer field; null if it is missing or of another kind.</summary>
    public int? GetInt32(string key) =>
        fields.TryGetProperty(key, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt32(out var number)
            ? number
            : null;

    private ulong? GetUInt64(string key) =>
        fields.TryGetProperty(key, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetUInt64(out var number)
            ? number
            : null;

    /// <summary>A number; null if it is missing or of another kind.</summary>
    public double? GetDouble(string key) =>
        fields.TryGetProperty(key, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetDouble(out var number)
            ? number
            : null;

    /// <summary>Whether a field is true; a field that is missing or of another kind is not.</summary>
    public bool IsTrue(string key) =>
        fields.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.True;

    /// <summary>A string; null if it is missing or of another kind.</summary>
    public string? GetString(string key) =>
        fields.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static ProgressEventKind? FindKind(JsonElement fields) =>
        fields.TryGetProperty("event", out var name) && name.ValueKind == JsonValueKind.String
            ? name.GetString() switch
            {
                "start" => ProgressEventKind.Start,
                "step" => ProgressEventKind.Step,
                "epoch" => ProgressEventKind.Epoch,
                "learning_rate" => ProgressEventKind.LearningRate,
                "best" => ProgressEventKind.Best,
                "early_stop" => ProgressEventKind.EarlyStop,
                "interrupted" => ProgressEventKind.Interrupted,
                "error" => ProgressEventKind.Error,
                "end" => ProgressEventKind.End,
                _ => null,
            }
            : null;
}

/// <summary>What an event of a training is about.</summary>
public enum ProgressEventKind
{
    /// <summary>A training started or was resumed.</summary>
    Start,

    /// <summary>A step of an epoch is complete.</summary>
    Step,

    /// <summary>An epoch has ended.</summary>
    Epoch,

    /// <summary>The learning rate was reduced.</summary>
    LearningRate,

    /// <summary>An epoch is the best so far.</summary>
    Best,

    /// <summary>Early stopping ended the training.</summary>
    EarlyStop,

    /// <summary>The user interrupted the training.</summary>
    Interrupted,

    /// <summary>The training failed.</summary>
    Error,

    /// <summary>The training has ended and its models are written.</summary>
    End,
}
