using AttnCrnn.Corpora.Auditing;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Evaluation;
using AttnCrnn.Features;
using AttnCrnn.Options;

namespace AttnCrnn.Runs;

/// <summary>Finds what is in two subsets of a split and makes the metrics overestimate performance.</summary>
internal sealed class LeakSearch
{
    private readonly IReadOnlyList<StoredClip> clips;
    private readonly IReadOnlyList<DatasetSplit> splits;
    private readonly ExperimentOptions options;
    private readonly int[] used;

    private LeakSearch(FeatureStore store, IReadOnlyList<DatasetSplit> splits, ExperimentOptions options)
    {
        clips = store.Clips;
        this.splits = splits;
        this.options = options;
        used =
        [
            .. Enumerable.Range(0, clips.Count).Where(clip => splits.Any(split => split.Subsets[clip] is not null)),
        ];
    }

    /// <summary>All leaks of a split or of folds, allowed or not, by kind.</summary>
    /// <param name="start">Test clips that the initial model has seen; null for random initialization.</param>
    /// <remarks>
    /// Speakers that a manifest or the corpus puts into two subsets are no leak here: such a split is used as
    /// published, and reports say that speakers are shared.
    /// </remarks>
    public static IReadOnlyList<Leak> Find(
        FeatureStore store,
        IReadOnlyList<DatasetSplit> splits,
        ExperimentOptions options,
        TrainingOverlap? start
    )
    {
        var search = new LeakSearch(store, splits, options);
        return
        [
            .. search.FindEqual(),
            .. search.FindNearDuplicates(),
            .. search.FindSpeakers(),
            .. search.FindKnownToStart(start),
        ];
    }

    /// <summary>The number of clips of the splits that were not audited.</summary>
    public static int CountUnaudited(FeatureStore store, IReadOnlyList<DatasetSplit> splits) =>
        Enumerable
            .Range(0, store.Clips.Count)
            .Count(clip => store.Clips[clip].Audit is null && splits.Any(split => split.Subsets[clip] is not null));

    /// <summary>What is wrong with leaks that are not allowed; null if there are none.</summary>
    public static OptionText? DescribeRefused(IReadOnlyList<Leak> leaks)
    {
        Leak[] refused = [.. leaks.Where(leak => !leak.IsAllowed)];
        if (refused.Length == 0)
            return null;
        var names = string.Join(",", refused.Select(leak => LeakKinds.Prefix + LeakKinds.Format(leak.Kind)));
        return OptionText.Create(
            $"the metrics would overestimate performance: {OptionText.Join("; ", refused.Select(Describe))}; or train "
                + $"all the same with {OptionKeys.Allow} {names}, and the report says so"
        );
    }

    private static OptionText Describe(Leak leak) =>
        OptionText.Create($"{leak.Describe()} (for example {leak.Example}): {GetRemedy(leak.Kind)}");

    private static OptionText GetRemedy(LeakKind kind) =>
        kind switch
        {
            LeakKind.InitialModel => OptionText.Create(
                $"start from a model of other clips, or test on the clips that it was tested on "
                    + $"({OptionKeys.TestSpeakers}, {OptionKeys.SplitSeed})"
            ),
            LeakKind.SharedSpeakers => "name at least three speakers, one for every clip, and each by one name",
            _ => AuditFindings.GetRemedy(LeakKinds.Format(kind)),
        };

    private IEnumerable<Leak> FindEqual()
    {
        var pairs = FindEqual(clip => clip.Key)
            .Union(FindEqual(clip => clip.Audit?.TrimmedKey))
            .Where(pair => AreApart(pair.First, pair.Other))
            .ToList();
        if (pairs.Count > 0)
            yield return Create(LeakKind.EqualRecordings, pairs.Count, Show(pairs[0].First, pairs[0].Other));
    }

    private IEnumerable<(int First, int Other)> FindEqual(Func<StoredClip, string?> getKey) =>
        used.Where(clip => getKey(clips[clip]) is { Length: > 0 })
            .GroupBy(clip => getKey(clips[clip]))
            .SelectMany(group => group.Skip(1).Select(other => (group.First(), other)));

    private IEnumerable<Leak> FindNearDuplicates()
    {
        var pairs = Corpora
            .Auditing.NearDuplicates.Find([.. used.Select(clip => clips[clip].Fingerprint)])
            .Select(pair => (First: used[pair.First], Second: used[pair.Second]))
            .Where(pair => AreApart(pair.First, pair.Second))
            .Where(pair => clips[pair.First].Audit!.TrimmedKey != clips[pair.Second].Audit!.TrimmedKey)
            .ToList();
        if (pairs.Count > 0)
            yield return Create(LeakKind.NearDuplicates, pairs.Count, Show(pairs[0].First, pairs[0].Second));
    }

    private IEnumerable<Leak> FindSpeakers()
    {
        if (splits[0].Facts.Kind == SplitKind.Manifest)
            yield break;
        var identities = SpeakerIdentities.Find(clips);
        var shared = used.Where(clip => clips[clip].Speaker is not null)
            .GroupBy(clip => identities.GetIdentity(clips[clip].Speaker!))
            .Where(speaker => speaker.Skip(1).Any(clip => AreApart(speaker.First(), clip)))
            .ToList();
        if (shared.Count > 0)
            yield return Create(LeakKind.SharedSpeakers, shared.Count, ShowSpeaker(shared[0]));
    }

    private IEnumerable<Leak> FindKnownToStart(TrainingOverlap? start)
    {
        if (start is { SeenClips: > 0 and var count })
            yield return Create(LeakKind.InitialModel, count, start.Example ?? "");
    }

    private string ShowSpeaker(IEnumerable<int> clipsOfSpeaker)
    {
        string[] names = [.. clipsOfSpeaker.Select(clip => clips[clip].Speaker!).Distinct()];
        return names.Length == 1 ? names[0] : $"{string.Join(" and ", names)}, who have equal recordings";
    }

    private Leak Create(LeakKind kind, int count, string example) =>
        new(kind, count, options.AllowsLeak(kind)) { Example = example };

    // Whether any fold has them in two subsets.
    private bool AreApart(int first, int second) =>
        splits.Any(split =>
            split.Subsets[first] is { } subset && split.Subsets[second] is { } other && subset != other
        );

    private string Show(int first, int second)
    {
        var split = splits.First(split => split.Subsets[first] != split.Subsets[second]);
        return $"{clips[first].Name} ({Corpora.Manifest.GetName(split.Subsets[first])}) and {clips[second].Name} "
            + $"({Corpora.Manifest.GetName(split.Subsets[second])})";
    }
}
