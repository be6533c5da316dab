using System.Text.Json;
using AttnCrnn.Formats;

namespace AttnCrnn.Evaluation;

/// <summary>What a comparison of runs needs of a <c>metrics.json</c>; a figure that stands there as null is NaN, an interval null.</summary>
public sealed record MetricsSummary(
    IReadOnlyList<string> Labels,
    double Uar,
    double Accuracy,
    double MacroF1,
    double MacroAuc,
    double LogLoss,
    double Ece,
    double Brier,
    Interval? UarInterval,
    Interval? AccuracyInterval,
    Interval? MacroF1Interval,
    Interval? MacroAucInterval,
    int Clips,
    int Speakers,
    Protocol Protocol)
{
    /// <summary>Reads a run's metrics.json.</summary>
    /// <exception cref="BadFileException">The file is not a metrics.json.</exception>
    public static MetricsSummary Read(string path)
    {
        try
        {
            using var file = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = file.RootElement;
            var split = root.GetProperty("split");
            return new(
                [.. root.GetProperty("labels").EnumerateArray().Select(label => label.GetString()!)],
                Figure(root, "uar"),
                Figure(root, "accuracy"),
                Figure(root, "macro_f1"),
                Figure(root, "macro_auc"),
                Figure(root, "log_loss"),
                Figure(root, "ece"),
                Figure(root, "brier"),
                IntervalOf(root, "uar_ci95"),
                IntervalOf(root, "accuracy_ci95"),
                IntervalOf(root, "macro_f1_ci95"),
                IntervalOf(root, "macro_auc_ci95"),
                root.GetProperty("n_clips").GetInt32(),
                root.GetProperty("n_speakers").GetInt32(),
                new(
                    split.GetProperty("method").GetString()!,
                    split.GetProperty("description").GetString()!,
                    split.GetProperty("speakers_disjoint").GetBoolean(),
                    root.GetProperty("synthetic").GetBoolean(),
                    AdaptationOf(root)));
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new BadFileException(path, null, fault.Message, "the metrics.json of a run", "evaluate the run again");
        }
    }

    // Files of before it was written have none.
    private static Adaptation? AdaptationOf(JsonElement root)
        => root.TryGetProperty("adaptation", out var of) && of.ValueKind == JsonValueKind.Object
            ? new(of.GetProperty("own").GetInt32(), of.GetProperty("unnamed").GetInt32(), of.GetProperty("scarce").GetInt32())
            : null;

    private static double Figure(JsonElement root, string name)
        => root.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : double.NaN;

    private static Interval? IntervalOf(JsonElement root, string name)
        => root.GetProperty(name) is { ValueKind: JsonValueKind.Array } pair ? new(pair[0].GetDouble(), pair[1].GetDouble()) : null;
}
