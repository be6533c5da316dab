using AttnCrnn.Corpora.Auditing;
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
    /// <summary>Interval of the log loss; null in files of earlier versions.</summary>
    public ConfidenceInterval? LogLossInterval { get; init; }

    /// <summary>Interval of the Brier score; null in files of earlier versions.</summary>
    public ConfidenceInterval? BrierInterval { get; init; }

    /// <summary>Interval of the expected calibration error; null in files of earlier versions.</summary>
    public ConfidenceInterval? EceInterval { get; init; }

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
            ReadSplit(json),
            json.GetBoolean("synthetic"),
            ReadSpeakerNormalization(json)
        )
        {
            LogLossInterval = FindInterval(json, "log_loss_ci95"),
            BrierInterval = FindInterval(json, "brier_ci95"),
            EceInterval = FindInterval(json, "ece_ci95"),
        };
    }

    // Files of earlier versions have only the first three.
    private static SplitSummary ReadSplit(JsonCursor json)
    {
        var split = json.GetObject("split");
        return new(split.GetString("method"), split.GetString("description"), split.GetBoolean("speakers_disjoint"))
        {
            HasKnownClips = LeakText.ReadJson(json).Any(leak => leak.Kind != LeakKind.SharedSpeakers),
            Folds = split.Find("folds")?.AsInt32() ?? 0,
            IsUnfinished = split.Find("unfinished_trainings")?.AsInt32() > 0,
        };
    }

    // Older files do not have it.
    internal static SpeakerNormalizationReport? ReadSpeakerNormalization(JsonCursor json) =>
        json.Find("adaptation") is { IsObject: true } report
            ? new(report.GetInt32("own"), report.GetInt32("unnamed"), report.GetInt32("scarce"))
            : null;

    internal static double ReadMetric(JsonCursor json, string name) => json.Get(name).AsDouble() ?? double.NaN;

    internal static ConfidenceInterval? FindInterval(JsonCursor json, string name) =>
        json.Contains(name) ? ReadInterval(json, name) : null;

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
public sealed record SplitSummary(string Method, string Description, bool SpeakersDisjoint)
{
    /// <summary>Whether a leak was found other than shared speakers: the models know test clips, or copies.</summary>
    public bool HasKnownClips { get; init; }

    /// <summary>Number of folds of the cross-validation, trained or not; 0 without, or of an earlier version.</summary>
    public int Folds { get; init; }

    /// <summary>Whether the training of an evaluated model had not ended.</summary>
    public bool IsUnfinished { get; init; }
}
