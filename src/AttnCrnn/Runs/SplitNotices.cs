using AttnCrnn.Corpora.Splits;
using AttnCrnn.Features;
using AttnCrnn.Options;

namespace AttnCrnn.Runs;

/// <summary>
/// What a run says once, before it trains: clips that the split leaves out, and classes that a set lacks.
/// </summary>
internal static class SplitNotices
{
    /// <param name="labelOfClip">[clips of the store]; null for a clip that is not used.</param>
    /// <param name="labels">The classes, sorted.</param>
    /// <param name="splits">One split per fold; a single one without folds.</param>
    public static IEnumerable<OptionText> Create(
        FeatureStore store,
        IReadOnlyList<string?> labelOfClip,
        IReadOnlyList<string> labels,
        IReadOnlyList<DatasetSplit> splits
    )
    {
        int[] used = [.. Enumerable.Range(0, store.Clips.Count).Where(clip => labelOfClip[clip] is not null)];
        foreach (var notice in DescribeManifest(store, used, splits[0]))
            yield return notice;
        var hasTest = splits.Any(split => split.Facts.Test.Clips > 0);
        foreach (var subset in Enum.GetValues<Subset>().Where(subset => hasTest || subset != Subset.Test))
            if (DescribeMissingClasses(subset, FindMissingClasses(subset, labelOfClip, labels, splits)) is { } text)
                yield return text;
    }

    /// <summary>
    /// The classes of which a subset has no clips in at least one of the splits, in the order of the labels.
    /// </summary>
    public static IReadOnlyList<string> FindClassesWithoutClips(
        Subset subset,
        IReadOnlyList<string?> labelOfClip,
        IReadOnlyList<string> labels,
        IReadOnlyList<DatasetSplit> splits
    ) => [.. FindMissingClasses(subset, labelOfClip, labels, splits).Select(missing => missing.Label)];

    private static IEnumerable<OptionText> DescribeManifest(FeatureStore store, int[] used, DatasetSplit split)
    {
        var assigned = used.Count(clip => store.Clips[clip].Split is not null);
        if (split.Facts.LeftOutWithoutSpeaker > 0)
        {
            var first = store.Clips[used.First(clip => store.Clips[clip].Speaker is null)];
            yield return OptionText.Create(
                $"{split.Facts.LeftOutWithoutSpeaker} of {used.Length} clips have no speaker and are left out of the "
                    + $"split by speaker (for example {first.Name}): fill the manifest's column speaker to use them"
            );
        }
        if (split.Facts.Kind != SplitKind.Manifest)
        {
            if (assigned > 0)
                yield return $"{assigned} of {used.Length} clips have a subset in the manifest, which this split "
                    + "does not use";
        }
        else if (assigned < used.Length)
        {
            var first = store.Clips[used.First(clip => store.Clips[clip].Split is null)];
            yield return OptionText.Create(
                $"{used.Length - assigned} of {used.Length} clips have no subset in the manifest and are left out "
                    + $"(for example {first.Name}): fill its column split to use them, or use {OptionKeys.Split} "
                    + $"speaker for another split of all clips"
            );
        }
    }

    // Folds are numbers from 1.
    private static List<(string Label, int[] Folds)> FindMissingClasses(
        Subset subset,
        IReadOnlyList<string?> labelOfClip,
        IReadOnlyList<string> labels,
        IReadOnlyList<DatasetSplit> splits
    )
    {
        var present = splits
            .Select(split => split.GetIndices(subset).Select(clip => labelOfClip[clip]).ToHashSet())
            .ToList();
        return
        [
            .. labels
                .Select(label =>
                    (label, (int[])[.. Enumerable.Range(1, splits.Count).Where(k => !present[k - 1].Contains(label))])
                )
                .Where(missing => missing.Item2.Length > 0)
                .Select(missing => (missing.label, splits[0].Facts.Folds == 0 ? [] : missing.Item2)),
        ];
    }

    private static OptionText? DescribeMissingClasses(Subset subset, List<(string Label, int[] Folds)> missing)
    {
        if (missing.Count == 0)
            return null;
        var classes = string.Join(
            ", ",
            missing.Select(entry =>
                entry.Folds.Length == 0
                    ? entry.Label
                    : $"{entry.Label} (fold{(entry.Folds.Length == 1 ? "" : "s")} {string.Join(", ", entry.Folds)})"
            )
        );
        return subset switch
        {
            Subset.Train => $"no training clips of {classes}: the model cannot learn a class without clips",
            Subset.Validation => $"no validation clips of {classes}",
            _ => $"no test clips of {classes}: UAR is the mean recall over the other classes",
        };
    }
}
