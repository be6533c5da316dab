using AttnCrnn.Corpora.Readers;
using AttnCrnn.IO;
using AttnCrnn.Options;

namespace AttnCrnn.Corpora.Layouts.Names;

/// <summary>
/// Folders that are no known corpus and have no table: the names of the folders are labels, speakers and subsets, in
/// whatever order they are.
/// </summary>
internal static class FolderNames
{
    /// <summary>Reads the clips of a folder, and says what was taken for what.</summary>
    /// <exception cref="InvalidInputException">
    /// Which level is which is ambiguous, and <paramref name="options"/> do not say where labels or speakers are.
    /// </exception>
    /// <param name="doubts">Why the folder is no known corpus, for the error.</param>
    public static CorpusClips Read(CorpusFolder folder, CorpusReadOptions options, IReadOnlyList<string>? doubts = null)
    {
        var recordings = folder.Recordings.Select(path => (Path: path, Folders: GetFolders(folder, path))).ToList();
        var nested = recordings.Where(recording => recording.Folders.Length > 0).ToList();
        if (nested.Count == 0)
            return new(
                [.. recordings.Select(recording => new Clip(recording.Path, null, null))],
                [$"{folder.Path}: no labels (its recordings are not in subfolders)"]
            );
        var levels = FolderLevels.Create([.. nested.Select(recording => recording.Folders)]);
        var roles = FolderRoles.Decide(levels.Levels);
        var ambiguity = levels.Ambiguity ?? roles.Ambiguity;
        if (ambiguity is not null && options.LabelsFrom is null && options.SpeakersFrom is null)
            throw CreateError(folder, nested[0], string.Join("; ", [.. doubts ?? [], ambiguity]));
        if (ambiguity is not null)
            roles = new FolderRoles(); // the patterns say what the levels are
        Clip[] clips =
        [
            .. nested.Select((recording, i) => CreateClip(recording.Path, roles, i)),
            .. recordings
                .Where(recording => recording.Folders.Length == 0)
                .Select(recording => new Clip(recording.Path, null, null)),
        ];
        return new(
            [.. clips.OrderBy(clip => clip.Path, StringComparer.Ordinal)],
            ambiguity is null
                ?
                [
                    .. Describe(folder, roles, options),
                    .. DescribeDepths(folder, nested, levels.Levels.Count, clips.Length, options),
                    .. roles
                        .Unused.Where(level => level.HasTechnicalNames)
                        .SelectMany(level => DescribeVersions(folder, nested, level)),
                ]
                : []
        );
    }

    private static Clip CreateClip(string path, FolderRoles roles, int index) =>
        new(
            path,
            roles.Label?.Names[index],
            roles.Speaker?.Names[index],
            roles.Split is { } split ? SubsetNames.Find(split.Names[index]) : null
        )
        {
            Sex = roles.Sex is { } sex ? FolderLevel.GetSex(sex.Names[index]) : null,
        };

    private static IEnumerable<string> Describe(CorpusFolder folder, FolderRoles roles, CorpusReadOptions options)
    {
        var parts = new List<string>
        {
            roles.Label is { } label
                ? $"labels are the names of {label.Describe()}"
                    + (label.IsConstant ? ", of which training needs two" : "")
                : $"labels are unknown ({NoticeText.Mark(OptionKeys.LabelsFrom)} takes them from paths)",
            roles.Speaker is { } speaker ? $"speakers are those of {speaker.Describe()}" : "speakers are unknown",
        };
        if (roles.Split is { } split)
            parts.Add(
                options.DisregardsSplits
                    ? $"the subsets of {split.Describe()} are not used, as asked for"
                    : $"subsets are those of {split.Describe()}"
            );
        if (roles.Sex is { } sex)
            parts.Add($"sexes are those of {sex.Describe()}");
        if (roles.Unused.Count > 0)
            parts.Add($"not used: {string.Join(", ", roles.Unused.Select(level => level.Describe()))}");
        yield return $"{folder.Path}: {string.Join("; ", parts)}";
    }

    // Recordings in fewer or more folders than those that are levels.
    private static IEnumerable<string> DescribeDepths(
        CorpusFolder folder,
        List<(string Path, string[] Folders)> nested,
        int levels,
        int total,
        CorpusReadOptions options
    )
    {
        if (total > nested.Count)
            yield return $"{folder.Path}: {total - nested.Count} recordings are not in a subfolder and have no label";
        var deeper = nested.Where(recording => recording.Folders.Length > levels).ToList();
        if (deeper.Count > 0 && options.LabelsFrom is null && options.SpeakersFrom is null)
            yield return $"{folder.Path}: {deeper.Count} of {total} recordings are in more folders than the others "
                + $"(for example {InputFile.Quote(string.Join('/', deeper[0].Folders))[1..^1]}), whose further names "
                + $"are not used; {NoticeText.Mark(OptionKeys.SpeakersFrom)} takes speakers from them, with a "
                + $"pattern such as '{CreatePattern(deeper[0].Folders.Length)}'";
    }

    // The same name under clean and noisy: a split would separate the versions of a recording.
    private static IEnumerable<string> DescribeVersions(
        CorpusFolder folder,
        IReadOnlyList<(string Path, string[] Folders)> nested,
        FolderLevel level
    )
    {
        var versions = nested
            .Select((recording, i) => (recording.Path, Key: GetKey(recording.Folders, level.Names[i], recording.Path)))
            .GroupBy(recording => recording.Key, StringComparer.Ordinal)
            .Where(group => group.Skip(1).Any())
            .ToList();
        if (versions.Count > 0)
            yield return $"{folder.Path}: {versions.Count} names of recordings recur under {level.Describe()} (for "
                + $"example {versions[0].First().Path}): if they are versions of a recording, specify one of these "
                + "folders as the source, so that no split separates them";

        static string GetKey(string[] folders, string name, string path) =>
            string.Join('/', [.. folders.Where(part => part != name), Path.GetFileNameWithoutExtension(path)]);
    }

    private static InvalidInputException CreateError(
        CorpusFolder folder,
        (string Path, string[] Folders) first,
        string ambiguity
    )
    {
        var pattern = CreatePattern(first.Folders.Length);
        return new(
            folder.Path,
            OptionText.Create(
                $"{ambiguity}; say which is which with a pattern such as '{pattern}' ({OptionKeys.LabelsFrom}, "
                    + $"{OptionKeys.SpeakersFrom}) for paths like "
                    + $"{InputFile.Quote(string.Join('/', [.. first.Folders, Path.GetFileName(first.Path)]))}, or "
                    + $"that there are none ({OptionKeys.LabelsFrom} none)"
            )
        );
    }

    private static string CreatePattern(int depth) =>
        depth switch
        {
            1 => "{label}/*",
            2 => "{speaker}/{label}/*",
            _ => string.Join('/', Enumerable.Repeat("*", depth - 2)) + "/{speaker}/{label}/*",
        };

    private static string[] GetFolders(CorpusFolder folder, string path) =>
        Path.GetRelativePath(folder.Path, path).Split(Path.DirectorySeparatorChar)[..^1];
}
