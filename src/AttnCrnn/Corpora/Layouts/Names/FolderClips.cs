using AttnCrnn.Corpora.Manifests;
using AttnCrnn.IO;
using AttnCrnn.Options;

namespace AttnCrnn.Corpora.Layouts.Names;

/// <summary>
/// The clips of recordings in folders whose levels are decided. A recording at another depth than those that decided
/// has what its folders say if it has a label's name, and else at most a subset.
/// </summary>
internal sealed class FolderClips(
    IReadOnlyList<(string Path, string[] Folders)> recordings,
    FolderDepths depths,
    FolderLevels levels,
    FolderRoles roles
)
{
    private readonly List<string?[]?> names = Place(recordings, depths, levels, roles);

    /// <summary>A clip per recording.</summary>
    public IReadOnlyList<Clip> Create() =>
        [
            .. recordings.Select(
                (recording, i) =>
                    new Clip(
                        recording.Path,
                        GetNoSubset(Get(roles.Label, i)),
                        GetNoSubset(Get(roles.Speaker, i)),
                        Get(roles.Split, i) is { } split ? SubsetNames.Find(split) : null
                    )
                    {
                        Sex = Get(roles.Sex, i) is { } sex ? FolderLevel.GetSex(sex) : null,
                    }
            ),
        ];

    /// <summary>Recordings that are in no subset, at another depth, or in a folder named for a subset.</summary>
    /// <param name="source">For the beginning of the notices.</param>
    /// <param name="total">Number of recordings, with those that are in no folder.</param>
    public IEnumerable<string> Describe(string source, int total, CorpusReadOptions options)
    {
        if (
            DescribeCounts(i => Get(roles.Split, i) is { } name && SubsetNames.Find(name) is null ? name : null) is
            { } o
        )
            yield return $"{source}: recordings in folders beside the subsets are in no subset: {o}";
        if (DescribeCounts(i => FindSubsetWord(Get(roles.Label, i)) ?? FindSubsetWord(Get(roles.Speaker, i))) is { } s)
            yield return $"{source}: names of subsets are no labels and no speakers: {s}";
        if (options.LabelsFrom is not null || options.SpeakersFrom is not null)
            yield break;
        var indices = Enumerable.Range(0, recordings.Count).ToList();
        var left = indices.Where(i => names[i] is null || IsPartial(i)).ToList();
        if (left.Count > 0)
            yield return $"{source}: {left.Count} of {total} recordings are at another depth than the others (for "
                + $"example {Quote(recordings[left[0]])}), and have no label and no speaker; "
                + $"{NoticeText.Mark(OptionKeys.LabelsFrom)} takes labels from paths";
        var deeper = indices
            .Except(left)
            .Where(i => recordings[i].Folders.Length > levels.Levels.Count)
            .Select(i => recordings[i].Folders)
            .ToList();
        if (deeper.Count > 0)
            yield return $"{source}: {deeper.Count} of {total} recordings are in more folders than the others "
                + $"(for example {InputFile.Sanitize(string.Join('/', deeper[0]))}), whose further names "
                + $"are not used; {NoticeText.Mark(OptionKeys.SpeakersFrom)} takes speakers from them, with a "
                + $"pattern such as '{FolderNames.CreatePattern(deeper[0].Length)}'";
        var shallower = indices.Except(left).Where(i => recordings[i].Folders.Length < levels.Levels.Count).ToList();
        if (shallower.Count > 0)
            yield return $"{source}: {shallower.Count} of {total} recordings are in fewer folders than the others (for "
                + $"example {Quote(recordings[shallower[0]])}), and have only what these say";
    }

    private static List<string?[]?> Place(
        IReadOnlyList<(string Path, string[] Folders)> recordings,
        FolderDepths depths,
        FolderLevels levels,
        FolderRoles roles
    )
    {
        var count = levels.Levels.Count;
        var position = depths.Deciding.Select((recording, i) => (recording, i)).ToDictionary();
        var anchor = roles.Label ?? roles.Speaker;
        return
        [
            .. recordings.Select(
                (recording, i) =>
                    position.TryGetValue(i, out var deciding)
                        ? [.. levels.Levels.Select(level => level.Names[deciding])]
                    : anchor is null ? GetSubset(recording.Folders)
                    : depths.Align(recording.Folders, count, levels.IndexOf(anchor), name => IsName(anchor, name))
                        ?? GetSubset(recording.Folders)
            ),
        ];

        string?[]? GetSubset(string[] folders) =>
            depths.HasSubsets ? [folders[0], .. Enumerable.Repeat<string?>(null, count - 1)] : null;

        bool IsName(FolderLevel level, string name) =>
            level.Distinct.Contains(name) || (level == roles.Label && EmotionWords.IsFolderOfLabel(name));
    }

    private bool IsPartial(int recording) =>
        names[recording] is { } found && found.Length > 1 && found.Skip(1).All(name => name is null);

    private string? Get(FolderLevel? level, int recording) =>
        level is null ? null
        : level == depths.First ? recordings[recording].Folders[0]
        : names[recording]?[levels.IndexOf(level)];

    private static string? FindSubsetWord(string? name) =>
        name is not null && ManifestSplit.Find(name) is not null ? name : null;

    private static string? GetNoSubset(string? name) => FindSubsetWord(name) is null ? name : null;

    private static string Quote((string Path, string[] Folders) recording) =>
        InputFile.Sanitize(string.Join('/', [.. recording.Folders, Path.GetFileName(recording.Path)]));

    // Names with the number of recordings of each: extra 3, unlabeled 1.
    private string? DescribeCounts(Func<int, string?> getName)
    {
        var counts = Enumerable
            .Range(0, recordings.Count)
            .Select(getName)
            .OfType<string>()
            .CountBy(name => name)
            .OrderBy(count => count.Key, StringComparer.Ordinal)
            .Select(count => $"{InputFile.Sanitize(count.Key)} {count.Value}")
            .ToList();
        return counts.Count == 0 ? null
            : counts.Count <= FolderLevel.MaxShown ? string.Join(", ", counts)
            : $"{string.Join(", ", counts.Take(FolderLevel.MaxShown))}, … ({counts.Count} folders)";
    }
}
