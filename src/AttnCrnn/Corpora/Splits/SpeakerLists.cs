using AttnCrnn.Options;

namespace AttnCrnn.Corpora.Splits;

/// <summary>
/// The speakers of the test and validation sets, as they were asked for: names, names without the corpus before them
/// (<c>21</c> of <c>ravdess_21</c>), and ranges of numbers (<c>21-24</c>).
/// </summary>
/// <param name="Test">Speakers of the test set; <c>none</c> alone: there is no test set.</param>
/// <param name="Validation">Speakers of the validation set; empty: drawn from the others.</param>
public sealed record SpeakerLists(IReadOnlyList<string> Test, IReadOnlyList<string> Validation)
{
    private const string NoTestName = "none";

    /// <summary>No lists: the split is made in another way.</summary>
    public static SpeakerLists None { get; } = new([], []);

    /// <summary>Whether there are no lists.</summary>
    public bool IsNone => Test.Count + Validation.Count == 0;

    /// <summary>Whether no speaker is in the test set.</summary>
    public bool HasNoTest => Test is [NoTestName];

    /// <summary>The errors of the lists with the other options of the split.</summary>
    internal IEnumerable<OptionError> FindErrors(SplitMethod method, FoldCount folds)
    {
        if (IsNone)
            yield break;
        var key = Test.Count > 0 ? OptionKeys.TestSpeakers : OptionKeys.ValidationSpeakers;
        var text = string.Join(',', Test.Count > 0 ? Test : Validation);
        if (Test.Count == 0)
            yield return new(
                key,
                text,
                OptionText.Create(
                    $"requires {OptionKeys.TestSpeakers}, which is {NoTestName} for a training without a test set"
                )
            );
        if (Test.Count > 1 && Test.Contains(NoTestName))
            yield return new(key, text, $"{NoTestName} must be alone");
        if (!folds.IsNone)
            yield return new(
                key,
                text,
                OptionText.Create($"names one split; omit {OptionKeys.Folds}, or the lists of speakers")
            );
        if (method is SplitMethod.Random or SplitMethod.Manifest)
            yield return new(
                key,
                text,
                OptionText.Create($"names the split; omit {OptionKeys.Split}, or the lists of speakers")
            );
    }

    /// <summary>The speakers of both sets.</summary>
    /// <param name="speakers">All speakers of the clips.</param>
    /// <exception cref="InvalidOptionsException">
    /// A name is of no speaker or of several, or a speaker is in both lists.
    /// </exception>
    internal (HashSet<string> Test, HashSet<string> Validation) Resolve(IReadOnlyList<string> speakers)
    {
        var errors = new List<OptionError>();
        var test = HasNoTest ? [] : Resolve(OptionKeys.TestSpeakers, Test, speakers, errors);
        var validation = Resolve(OptionKeys.ValidationSpeakers, Validation, speakers, errors);
        foreach (var speaker in validation.Where(test.Contains).Order(StringComparer.Ordinal))
            errors.Add(
                new(
                    OptionKeys.ValidationSpeakers,
                    speaker,
                    OptionText.Create($"is in {OptionKeys.TestSpeakers} too: no speaker may be in two sets")
                )
            );
        InvalidOptionsException.ThrowIfAny(errors);
        return (test, validation);
    }

    private static HashSet<string> Resolve(
        OptionKey key,
        IReadOnlyList<string> names,
        IReadOnlyList<string> speakers,
        List<OptionError> errors
    )
    {
        var resolved = new HashSet<string>();
        foreach (var name in names)
        {
            var matches = SpeakerName.Match(name, speakers);
            if (matches.Count == 0)
                errors.Add(new(key, name, $"no clip is of this speaker; the speakers are {List(speakers)}"));
            else if (matches.GroupBy(SpeakerName.GetCorpus).Skip(1).Any())
                errors.Add(new(key, name, $"is a speaker of several corpora: use one of {List(matches)}"));
            else
                resolved.UnionWith(matches);
        }
        return resolved;
    }

    private static string List(IReadOnlyList<string> speakers) => ShortList.Format(speakers, max: 12);
}
