using AttnCrnn.Options;
using AttnCrnn.Runs;

namespace AttnCrnn.Reports.Comparisons;

/// <summary>An option with which compared runs were not trained alike.</summary>
/// <param name="Option">Key of the option, or <c>encoder</c>.</param>
/// <param name="Values">[runs], a dash where a run has no value.</param>
public sealed record OptionDifference(string Option, IReadOnlyList<string> Values);

/// <summary>
/// How compared runs were evaluated and how their trainings differ, from the files beside their predictions.
/// </summary>
public static class ComparisonConditions
{
    private const string Encoder = "encoder";
    private const string NoValue = "–";

    /// <summary>
    /// The sentences about the split and the normalization of a run; null for predictions without metrics.json.
    /// </summary>
    /// <exception cref="InvalidFileException">metrics.json is damaged.</exception>
    public static string? Describe(ComparedRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (MetricsSummary.FindBeside(run.Predictions) is not { } path)
            return null;
        var summary = MetricsSummary.Read(path);
        return summary.SpeakerNormalization is { } normalization
            ? $"{summary.Split.Description} {SpeakerNormalizationText.Summarize(normalization)}"
            : summary.Split.Description;
    }

    /// <summary>
    /// Why a run has an advantage that the others do not have: it saw all clips of a test speaker; null if none or all
    /// have it.
    /// </summary>
    /// <exception cref="InvalidFileException">A metrics.json is damaged.</exception>
    public static string? DescribeAdvantage(RunComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        string[] transductive =
        [
            .. comparison
                .Runs.Index()
                .Where(run => IsTransductive(run.Item))
                .Select(run => ComparisonText.GetLetter(run.Index)),
        ];
        return transductive.Length == 0 || transductive.Length == comparison.Runs.Count
            ? null
            : $"{string.Join(", ", transductive)} normalized the test clips by the statistics of their speakers "
                + "(transductive), the others did not: the difference may be due to that.";
    }

    /// <summary>
    /// The options in which the trainings differ, without those that are folders or names of speakers; null if a run
    /// has no config.json.
    /// </summary>
    /// <exception cref="InvalidFileException">A file is damaged.</exception>
    public static IReadOnlyList<OptionDifference>? ListDifferences(RunComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        var runs = comparison.Runs.Select(ReadOptions).ToList();
        if (runs.Any(options => options.Count == 0))
            return null;
        return
        [
            .. runs.SelectMany(options => options.Keys)
                .Distinct()
                .OrderBy(option => option != Encoder)
                .ThenBy(option => option, StringComparer.Ordinal)
                .Select(option => new OptionDifference(
                    option,
                    [.. runs.Select(options => options.GetValueOrDefault(option, NoValue))]
                ))
                .Where(option => option.Values.Distinct().Skip(1).Any()),
        ];
    }

    /// <summary>The differing options on one line, such as <c>normalize: A corpus, B speaker</c>.</summary>
    public static string Format(OptionDifference difference)
    {
        ArgumentNullException.ThrowIfNull(difference);
        var values = difference.Values.Select((value, run) => $"{ComparisonText.GetLetter(run)} {value}");
        return $"{difference.Option}: {string.Join(", ", values)}";
    }

    private static bool IsTransductive(ComparedRun run) =>
        MetricsSummary.FindBeside(run.Predictions) is { } path
        && MetricsSummary.Read(path).SpeakerNormalization is { IsTransductive: true };

    private static Dictionary<string, string> ReadOptions(ComparedRun run)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(run.Predictions))!;
        var report = ReportFile.Find(folder);
        var configuration = report?.Configuration
            ?? StoredConfiguration.Read(Path.Combine(folder, RunFolders.Configuration));
        var options = configuration
            .Where(option => ChangedOptions.IsPublic(option.Key))
            .ToDictionary(option => option.Key, option => option.Value);
        if (configuration.FirstOrDefault(option => option.Key == OptionKeys.Init.Name).Value is { Length: > 0 } initial)
            options[OptionKeys.Init.Name] = Path.GetFileName(initial);
        if (report is not null)
            options[Encoder] = report.Encoder;
        return options;
    }
}
