using AttnCrnn.Runs;

namespace AttnCrnn.Reports.Comparisons;

/// <summary>Speaker leakage of compared runs, which a difference between them does not show.</summary>
public static class SplitLeakage
{
    /// <summary>
    /// The runs whose own split has speakers in several subsets, clips without a speaker, or clips that the models
    /// know; null if there are none, or if that is not known.
    /// </summary>
    /// <exception cref="InvalidFileException">A metrics.json is damaged.</exception>
    public static string? Describe(RunComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        var splits = comparison
            .Runs.Select(run => MetricsSummary.FindBeside(run.Predictions))
            .Select(path => path is null ? null : MetricsSummary.Read(path).Split)
            .ToList();
        var withSharedSpeakers = ListLetters(splits, split =>
            split is { SpeakersDisjoint: false, Method: not SplitMethodNames.GivenClips }
        );
        var withKnownClips = ListLetters(splits, split => split.HasKnownClips);
        List<string> sentences = [];
        if (withSharedSpeakers.Length > 0)
            sentences.Add(
                $"The split of {withSharedSpeakers} has speakers in more than one subset, or clips without a "
                    + "speaker: the metrics overestimate performance on other speakers (speaker leakage), and so may "
                    + "the differences."
            );
        if (withKnownClips.Length > 0)
            sentences.Add(
                $"Test clips of {withKnownClips}, or copies of them, are known to the models: the metrics overestimate "
                    + "performance on other clips, and so may the differences."
            );
        return sentences.Count == 0 ? null : string.Join(' ', sentences);
    }

    private static string ListLetters(List<SplitSummary?> splits, Func<SplitSummary, bool> isMeant) =>
        string.Join(
            ", ",
            splits
                .Index()
                .Where(split => split.Item is { } summary && isMeant(summary))
                .Select(split => ComparisonText.GetLetter(split.Index))
        );
}
