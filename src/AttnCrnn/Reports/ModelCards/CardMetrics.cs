using AttnCrnn.Evaluation;
using AttnCrnn.IO;

namespace AttnCrnn.Reports.ModelCards;

/// <summary>Metrics of one class.</summary>
/// <param name="Support">Number of its clips.</param>
internal sealed record CardClassMetrics(
    string Label,
    double Precision,
    double Recall,
    double F1,
    double Auc,
    int Support
);

/// <summary>What a model card says of an evaluation, read from a run's metrics.json.</summary>
internal sealed record CardMetrics
{
    /// <summary>Pooled metrics with their confidence intervals, and the split.</summary>
    public required MetricsSummary Summary { get; init; }

    /// <summary>How the confidence intervals were computed, or why there are none: a sentence.</summary>
    public required string IntervalMethod { get; init; }

    /// <summary>In the order of the labels.</summary>
    public required IReadOnlyList<CardClassMetrics> Classes { get; init; }

    /// <summary>Classes of which no clip was evaluated.</summary>
    public required IReadOnlyList<string> ClassesWithoutClips { get; init; }

    /// <summary>Number of evaluated folds; 0 without cross-validation.</summary>
    public required int Folds { get; init; }

    /// <summary>Mean and standard deviation of UAR over the folds; null without folds.</summary>
    public required MeanAndStd? FoldUar { get; init; }

    /// <summary>Metrics by group of speakers or clips; empty if the evaluation has none.</summary>
    public required IReadOnlyList<CardGroup> Groups { get; init; }

    /// <summary>Metrics of the seeds of a repeated run; null for one seed.</summary>
    public RepeatedMetrics? Repeats { get; init; }

    /// <summary>Reads metrics.json in a run's analysis folder; null if it is not there.</summary>
    /// <exception cref="InvalidFileException">It is damaged.</exception>
    public static CardMetrics? Read(string analysisFolder)
    {
        var path = Path.Combine(analysisFolder, MetricsJson.FileName);
        if (!File.Exists(path))
            return null;
        var json = ReadJson(path);
        return new()
        {
            Summary = MetricsSummary.Read(path),
            IntervalMethod = json.GetObject("intervals").GetString("description"),
            Classes = [.. json.GetObject("per_class").Fields.Select(field => ReadClass(field.Name, field.Value))],
            ClassesWithoutClips = json.Contains("classes_without_clips")
                ? json.GetStrings("classes_without_clips")
                : [],
            Folds = json.GetArray("folds").Count,
            FoldUar = ReadMeanAndStd(json.Find("fold_uar")),
            Groups = CardGroup.ReadAll(json),
            Repeats = RepeatsJson.Read(json),
        };
    }

    /// <summary>The content of a metrics.json.</summary>
    /// <exception cref="InvalidFileException">It is damaged.</exception>
    public static JsonCursor ReadJson(string path) =>
        new JsonSource(path, $"the {MetricsJson.FileName} of a run", "evaluate the run again").Read(int.MaxValue);

    private static CardClassMetrics ReadClass(string label, JsonCursor json) =>
        new(
            label,
            ReadMetric(json, "precision"),
            ReadMetric(json, "recall"),
            ReadMetric(json, "f1"),
            ReadMetric(json, "auc"),
            json.GetInt32("support")
        );

    private static double ReadMetric(JsonCursor json, string name) => json.Find(name)?.AsDouble() ?? double.NaN;

    private static MeanAndStd? ReadMeanAndStd(JsonCursor? json) =>
        json is { IsObject: true } ? new(json.GetDouble("mean"), json.Find("deviation")?.AsDouble()) : null;
}
