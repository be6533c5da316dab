using AttnCrnn.Evaluation;
using AttnCrnn.Evaluation.Statistics;
using AttnCrnn.IO;

namespace AttnCrnn.Reports;

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
    SplitSummary Split,
    bool Synthetic,
    SpeakerNormalizationReport? SpeakerNormalization
)
{
    /// <summary>The metrics.json in the folder of another file of a run; null if there is none.</summary>
    public static string? FindBeside(string path)
    {
        var metrics = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, MetricsJson.FileName);
        return File.Exists(metrics) ? metrics : null;
    }

    /// <summary>Reads a run's metrics.json.</summary>
    /// <exception cref="InvalidFileException">The file is not a metrics.json.</exception>
    public static MetricsSummary Read(string path)
    {
        var json = new JsonSource(path, $"the {MetricsJson.FileName} of a run", "evaluate the run again").Read(
            int.MaxValue
        );
        var split = json.GetObject("split");
        return new(
            json.GetStrings("labels"),
            ReadMetric(json, "uar"),
            ReadMetric(json, "accuracy"),
            ReadMetric(json, "macro_f1"),
            ReadMetric(json, "macro_auc"),
            ReadMetric(json, "log_loss"),
            ReadMetric(json, "ece"),
            ReadMetric(json, "brier"),
            ReadInterval(json, "uar_ci95"),
            ReadInterval(json, "accuracy_ci95"),
            ReadInterval(json, "macro_f1_ci95"),
            ReadInterval(json, "macro_auc_ci95"),
            json.GetInt32("n_clips"),
            json.GetInt32("n_speakers"),
            new(split.GetString("method"), split.GetString("description"), split.GetBoolean("speakers_disjoint")),
            json.GetBoolean("synthetic"),
            ReadSpeakerNormalization(json)
        );
    }

    // Older files do not have it.
    internal static SpeakerNormalizationReport? ReadSpeakerNormalization(JsonCursor json) =>
        json.Find("adaptation") is { IsObject: true } report
            ? new(report.GetInt32("own"), report.GetInt32("unnamed"), report.GetInt32("scarce"))
            : null;

    internal static double ReadMetric(JsonCursor json, string name) => json.Get(name).AsDouble() ?? double.NaN;

    internal static ConfidenceInterval? ReadInterval(JsonCursor json, string name)
    {
        if (json.Get(name) is not { IsArray: true } pair)
            return null;
        return pair.Count >= 2
            ? new(pair[0].RequireDouble(), pair[1].RequireDouble())
            : throw pair.Unexpected("both ends of an interval");
    }
}

/// <summary>How the evaluated clips of a stored evaluation were separated from the training clips.</summary>
/// <param name="Method"><c>speaker</c>, <c>clips</c>, <c>random</c>, <c>manifest</c> or <c>given</c>.</param>
/// <param name="Description">The sentences of the report.</param>
/// <param name="SpeakersDisjoint">Whether no speaker is in more than one subset.</param>
public sealed record SplitSummary(string Method, string Description, bool SpeakersDisjoint);
