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
    /// <param name="keepsSubsets">Whether one of each subset of the manifest counts, and not one of all.</param>
    /// <exception cref="InvalidInputException">Equal recordings have different labels.</exception>
    public static RepeatedClips Find(FeatureStore store, IReadOnlyList<string?> labelOfClip, bool keepsSubsets = false)
    {
        var equal = EqualRecordings.Find(store.Clips, labelOfClip);
        if (equal.LabelContradiction is { } contradiction)
            throw new InvalidInputException(contradiction);
        var groups = equal.Groups;
        bool IsRepeated(int[] group, int index) =>
            group.Take(index).Any(clip => !keepsSubsets || store.Clips[clip].Split == store.Clips[group[index]].Split);
        int[] excluded =
        [
            .. groups
                .SelectMany(group =>
                    Enumerable.Range(0, group.Length).Where(i => IsRepeated(group, i)).Select(i => group[i])
                )
                .Order(),
        ];
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
        if (EqualRecordings.Find(store.Clips, labelOfClip).SubsetContradiction is { } contradiction)
            throw new InvalidInputException(contradiction);
    }

    private static OptionText Describe(IReadOnlyList<StoredClip> clips, IReadOnlyList<int[]> groups, int excluded)
    {
        var first = clips[groups[0][0]];
        var other = clips[groups[0][1]];
        var speakers = groups.Count(group => group.Select(clip => clips[clip].Speaker).Distinct().Skip(1).Any());
        var otherSpeakers =
            speakers == 0
                ? ""
                : $"; {FormatCount(speakers)} with several speakers, of which that of the clip that counts is used";
        return $"{excluded} of the clips have the samples of another (for example {other.Name} those of "
            + $"{first.Name}) and are left out: each recording counts once{otherSpeakers}";
    }

    private static string FormatCount(int recordings) =>
        $"{recordings} {(recordings == 1 ? "recording" : "recordings")}";
}
