using AttnCrnn.Corpora.Splits;

namespace AttnCrnn.Corpora;

/// <summary>A split of a corpus that publications use, selected by <c>--protocol</c>.</summary>
/// <param name="Name">Lower case, such as <c>official</c>, <c>audeering</c> or <c>session1</c>.</param>
/// <param name="Summary">Which clips are in which subset, and whose protocol it is; one phrase.</param>
public sealed record CorpusProtocol(string Name, string Summary)
{
    /// <summary>The name that leaves the clips of every corpus without a subset.</summary>
    public const string None = "none";

    /// <summary>Subset of a clip; null: in no subset. By default the one that the corpus' reader reads.</summary>
    internal Func<Clip, Subset?> Assign { get; init; } = clip => clip.Split;

    /// <summary>A split by speaker: the speakers that are in neither list are in the training set.</summary>
    /// <param name="prefix">Corpus before the names of its speakers, such as <c>ravdess</c>.</param>
    internal static CorpusProtocol CreateBySpeaker(
        string name,
        string summary,
        string prefix,
        IReadOnlyList<string> validation,
        IReadOnlyList<string> test
    )
    {
        HashSet<string?> validationSpeakers = [.. validation.Select(speaker => $"{prefix}_{speaker}")];
        HashSet<string?> testSpeakers = [.. test.Select(speaker => $"{prefix}_{speaker}")];
        return new(name, summary)
        {
            Assign = clip =>
                clip.Speaker is null ? null
                : testSpeakers.Contains(clip.Speaker) ? Subset.Test
                : validationSpeakers.Contains(clip.Speaker) ? Subset.Validation
                : Subset.Train,
        };
    }

    /// <summary>
    /// Cross-validation by groups of speakers: fold k tests group k, and validates on the group after it.
    /// </summary>
    /// <param name="name">Name of the folds without their numbers.</param>
    /// <param name="source">Whose folds they are.</param>
    internal static IEnumerable<CorpusProtocol> CreateFolds(
        string name,
        string source,
        string prefix,
        IReadOnlyList<IReadOnlyList<string>> groups
    ) =>
        groups.Select(
            (test, fold) =>
                CreateBySpeaker(
                    $"{name}{fold + 1}",
                    $"{source}, fold {fold + 1} of {groups.Count}: test {string.Join(' ', test)}; validation: the "
                        + "test speakers of the next fold (our choice)",
                    prefix,
                    groups[(fold + 1) % groups.Count],
                    test
                )
        );
}
