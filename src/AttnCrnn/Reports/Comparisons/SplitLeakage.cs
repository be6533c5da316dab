using AttnCrnn.Runs;

namespace AttnCrnn.Reports.Comparisons;

/// <summary>Speaker leakage of compared runs, which a difference between them does not show.</summary>
public static class SplitLeakage
{
    /// <summary>
    /// The runs whose own split has speakers in several subsets, or clips without a speaker; null if there are none, or
    /// if that is not known.
    /// </summary>
    /// <exception cref="InvalidFileException">A metrics.json is damaged.</exception>
    public static string? Describe(RunComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        List<string> runs =
        [
            .. comparison.Runs.Index().Where(run => Leaks(run.Item)).Select(run => ComparisonText.GetLetter(run.Index)),
        ];
        return runs.Count == 0
            ? null
            : $"The split of {string.Join(", ", runs)} has speakers in more than one subset, or clips without a "
                + "speaker: the metrics overestimate performance on other speakers (speaker leakage), and so may the "
                + "differences.";
    }

    private static bool Leaks(ComparedRun run) =>
        MetricsSummary.FindBeside(run.Predictions) is { } path
        && MetricsSummary.Read(path).Split is { SpeakersDisjoint: false, Method: not SplitMethodNames.GivenClips };
}
