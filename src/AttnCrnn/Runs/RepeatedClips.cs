using AttnCrnn.Corpora;
using AttnCrnn.Features;

namespace AttnCrnn.Runs;

/// <summary>
/// Labeled clips with the samples of another clip: copies of a file, its audio beside its video, a folder that was
/// unpacked twice. Each recording counts once.
/// </summary>
/// <param name="Excluded">Indices of the clips that do not count, ascending.</param>
/// <param name="Notice">The number of them, and an example; null if there are none.</param>
internal sealed record RepeatedClips(IReadOnlyList<int> Excluded, OptionText? Notice)
{
    /// <summary>Finds the clips with equal keys, and selects the one of each group that counts.</summary>
    /// <param name="store">Clips with equal keys have equal frames.</param>
    /// <param name="labelOfClip">[clips of the store]; null for a clip that is not used.</param>
    /// <exception cref="InvalidInputException">Equal recordings have different labels.</exception>
    public static RepeatedClips Find(FeatureStore store, IReadOnlyList<string?> labelOfClip)
    {
        var groups = GroupByKey(store.Clips, labelOfClip);
        RequireOneLabel(store.Clips, labelOfClip, groups);
        int[] excluded = [.. groups.SelectMany(group => group.Skip(1)).Order()];
        return new(excluded, excluded.Length == 0 ? null : Describe(store.Clips, groups, excluded.Length));
    }

    /// <summary>
    /// The speakers of the clips that count; null also for the others, whose frames are those of a clip.
    /// </summary>
    /// <returns>[clips of the store].</returns>
    public string?[] ListSpeakers(FeatureStore store)
    {
        string?[] speakers = [.. store.Clips.Select(clip => clip.Speaker)];
        foreach (var clip in Excluded)
            speakers[clip] = null;
        return speakers;
    }

    /// <summary>The labels of the clips that count.</summary>
    /// <returns>[clips of the store].</returns>
    public string?[] Exclude(string?[] labelOfClip)
    {
        string?[] labels = [.. labelOfClip];
        foreach (var clip in Excluded)
            labels[clip] = null;
        return labels;
    }

    /// <exception cref="InvalidInputException">Equal recordings are in different subsets of a manifest.</exception>
    public static void RequireOneSubset(FeatureStore store, IReadOnlyList<string?> labelOfClip)
    {
        var clips = store.Clips;
        var conflicts = GroupByKey(clips, labelOfClip)
            .Select(group => group.Where(clip => clips[clip].Split is not null).ToList())
            .Select(group => (First: group, Other: group.Where(clip => clips[clip].Split != clips[group[0]].Split)))
            .Where(group => group.Other.Any())
            .Select(group => (First: clips[group.First[0]], Other: clips[group.Other.First()]))
            .ToList();
        if (conflicts.Count == 0)
            return;
        var (first, other) = conflicts[0];
        throw new InvalidInputException(
            $"{first.Name} ({Corpora.Manifest.GetName(first.Split)}) and {other.Name} "
                + $"({Corpora.Manifest.GetName(other.Split)}) are equal recordings in different subsets "
                + $"({FormatCount(conflicts.Count)} in all): the metrics would overestimate performance; remove one "
                + "of each from the manifest, or give both the same subset, and extract the features again"
        );
    }

    // The first of each group counts: one with a subset, then a .wav file, then the shortest path.
    private static List<int[]> GroupByKey(IReadOnlyList<StoredClip> clips, IReadOnlyList<string?> labelOfClip) =>
        [
            .. Enumerable
                .Range(0, clips.Count)
                .Where(clip => labelOfClip[clip] is not null)
                .GroupBy(clip => clips[clip].Key)
                .Where(group => group.Skip(1).Any())
                .Select(group =>
                    group
                        .OrderBy(clip => clips[clip].Split is null)
                        .ThenBy(clip => clips[clip].Path, CopyOrder.Paths)
                        .ThenBy(clip => clips[clip].StartSeconds ?? 0)
                        .ThenBy(clip => clips[clip].EndSeconds ?? double.MaxValue)
                        .ToArray()
                ),
        ];

    private static void RequireOneLabel(
        IReadOnlyList<StoredClip> clips,
        IReadOnlyList<string?> labelOfClip,
        List<int[]> groups
    )
    {
        var conflicts = groups.Where(group => group.Any(clip => labelOfClip[clip] != labelOfClip[group[0]])).ToList();
        if (conflicts.Count == 0)
            return;
        var first = conflicts[0][0];
        var other = conflicts[0].First(clip => labelOfClip[clip] != labelOfClip[first]);
        throw new InvalidInputException(
            $"{clips[first].Name} ({labelOfClip[first]}) and {clips[other].Name} ({labelOfClip[other]}) are equal "
                + $"recordings with different labels ({FormatCount(conflicts.Count)} in all): correct the labels, or "
                + "remove one of each from the sources, and extract the features again"
        );
    }

    private static OptionText Describe(IReadOnlyList<StoredClip> clips, List<int[]> groups, int excluded)
    {
        var first = clips[groups[0][0]];
        var other = clips[groups[0][1]];
        var speakers = groups.Count(group => group.Select(clip => clips[clip].Speaker).Distinct().Skip(1).Any());
        var otherSpeakers =
            speakers == 0 ? "" : $"; the speakers of {FormatCount(speakers)} differ, and that of the first is used";
        return $"{excluded} of the clips have the samples of another (for example {other.Name} those of "
            + $"{first.Name}) and are left out: each recording counts once{otherSpeakers}";
    }

    private static string FormatCount(int recordings) =>
        $"{recordings} {(recordings == 1 ? "recording" : "recordings")}";
}
