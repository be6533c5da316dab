using AttnCrnn.Corpora;
using AttnCrnn.Options;

namespace AttnCrnn.Features;

/// <summary>Labeled clips with equal samples, such as copies of a file.</summary>
internal sealed class EqualRecordings
{
    private readonly IReadOnlyList<StoredClip> clips;
    private readonly IReadOnlyList<string?> labelOfClip;

    private EqualRecordings(IReadOnlyList<StoredClip> clips, IReadOnlyList<string?> labelOfClip)
    {
        this.clips = clips;
        this.labelOfClip = labelOfClip;
        Groups =
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
    }

    /// <summary>
    /// Indices of clips with equal samples. The first of each group counts: one with a subset, then a .wav file, then
    /// the shortest path.
    /// </summary>
    public IReadOnlyList<int[]> Groups { get; }

    /// <summary>What is wrong where equal recordings have different labels; null if they have one.</summary>
    public OptionText? LabelContradiction
    {
        get
        {
            var conflicts = Groups
                .Where(group => group.Any(clip => labelOfClip[clip] != labelOfClip[group[0]]))
                .ToList();
            if (conflicts.Count == 0)
                return null;
            var first = conflicts[0][0];
            var other = conflicts[0].First(clip => labelOfClip[clip] != labelOfClip[first]);
            return $"{clips[first].Name} ({labelOfClip[first]}) and {clips[other].Name} ({labelOfClip[other]}) are "
                + $"equal recordings with different labels ({FormatCount(conflicts.Count)} in all): correct the "
                + $"labels, or remove one of each from the sources, and extract the features again";
        }
    }

    /// <summary>What is wrong where they are in different subsets of a manifest; null if they are in one.</summary>
    public OptionText? SubsetContradiction
    {
        get
        {
            var conflicts = Groups
                .Select(group => group.Where(clip => clips[clip].Split is not null).ToList())
                .Select(group => (First: group, Other: group.Where(clip => clips[clip].Split != clips[group[0]].Split)))
                .Where(group => group.Other.Any())
                .Select(group => (First: clips[group.First[0]], Other: clips[group.Other.First()]))
                .ToList();
            if (conflicts.Count == 0)
                return null;
            var (first, other) = conflicts[0];
            return OptionText.Create(
                $"{first.Name} ({Manifest.GetName(first.Split)}) and {other.Name} "
                    + $"({Manifest.GetName(other.Split)}) are equal recordings in different subsets "
                    + $"({FormatCount(conflicts.Count)} in all): the metrics would overestimate performance; remove "
                    + $"one of each from the manifest, or give both the same subset, and extract the features again; "
                    + $"or train all the same with {OptionKeys.Allow} leak:equal_recordings, and the report says so"
            );
        }
    }

    /// <summary>Finds the clips with equal keys.</summary>
    /// <param name="clips">Clips with equal keys have equal frames.</param>
    /// <param name="labelOfClip">[clips]; null for a clip that is not used.</param>
    public static EqualRecordings Find(IReadOnlyList<StoredClip> clips, IReadOnlyList<string?> labelOfClip) =>
        new(clips, labelOfClip);

    private static string FormatCount(int recordings) =>
        $"{recordings} {(recordings == 1 ? "recording" : "recordings")}";
}
