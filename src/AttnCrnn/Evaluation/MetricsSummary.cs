using System.Text.Json;
using AttnCrnn.Evaluation.Statistics;

namespace AttnCrnn.Evaluation;

/// <summary>
/// The content of a <c>metrics.json</c> that a comparison of runs needs; a metric that is null in the file is NaN.
/// </summary>
public sealed record MetricsSummary(
    IReadOnlyList<string> Labels,
    double Uar,
    double Accuracy,
    double MacroF1,
    double MacroAuc,
    double LogLoss,
    double Ece,
    double Brier,
    ConfidenceInterval? UarInterval,
    ConfidenceInterval? AccuracyInterval,
    ConfidenceInterval? MacroF1Interval,
    ConfidenceInterval? MacroAucInterval,
    int Clips,
    int Speakers,
    EvaluationProtocol Protocol
)
{
    /// <summary>Reads a run's metrics.json.</summary>
    /// <exception cref="InvalidFileException">The file is not a metrics.json.</exception>
    public static MetricsSummary Read(string path)
    {
        try
        {
            using var file = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = file.RootElement;
            var split = root.GetProperty("split");
            return new(
                [.. root.GetProperty("labels").EnumerateArray().Select(label => label.GetString()!)],
                Metric(root, "uar"),
                Metric(root, "accuracy"),
                Metric(root, "macro_f1"),
                Metric(root, "macro_auc"),
                Metric(root, "log_loss"),
                Metric(root, "ece"),
                Metric(root, "brier"),
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
                    SpeakerNormalizationOf(root)
                )
            );
        }
        catch (Exception fault)
            when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidFileException(
                path,
                null,
                fault.Message,
                $"the {MetricsJson.FileName} of a run",
                "evaluate the run again"
            );
        }
    }

    // Older files do not have it.
    private static SpeakerNormalizationReport? SpeakerNormalizationOf(JsonElement root) =>
        root.TryGetProperty("adaptation", out var report) && report.ValueKind == JsonValueKind.Object
            ? new(
                report.GetProperty("own").GetInt32(),
                report.GetProperty("unnamed").GetInt32(),
                report.GetProperty("scarce").GetInt32()
            )
            : null;

    private static double Metric(JsonElement root, string name) =>
        root.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : double.NaN;

    private static ConfidenceInterval? IntervalOf(JsonElement root, string name) =>
        root.GetProperty(name) is { ValueKind: JsonValueKind.Array } pair
            ? new(pair[0].GetDouble(), pair[1].GetDouble())
            : null;
}
