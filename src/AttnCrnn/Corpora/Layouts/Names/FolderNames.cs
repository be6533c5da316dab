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
        var depths = FolderDepths.Find([.. nested.Select(recording => recording.Folders)]);
        var deciding = depths.Deciding.Select(i => nested[i]).ToList();
        var levels = FolderLevels.Create([.. deciding.Select(recording => recording.Folders)], depths.HasSubsets);
        var roles = depths.HasSubsets
            ? FolderRoles.Decide([.. levels.Levels.Skip(1)], depths.First)
            : FolderRoles.Decide(levels.Levels, null);
        var ambiguity = levels.Ambiguity ?? roles.Ambiguity;
        if (depths.HasUndivided && roles.Label is { LabelFraction: 0 } doubtful)
            ambiguity ??=
                "some of its recordings are in one folder and others in more, so that it is ambiguous which are "
                + $"labels: {depths.First.Describe()} or {doubtful.Describe()}";
        var inNames = roles.Label is { LabelFraction: 0 } other ? FindLabelsInNames(nested, other) : null;
        ambiguity ??= inNames;
        if (ambiguity is not null && options.LabelsFrom is null && options.SpeakersFrom is null)
            throw CreateError(
                folder,
                deciding[0],
                string.Join("; ", [.. doubts ?? [], ambiguity]),
                hasLabels: inNames is null && roles.Ambiguity == ambiguity && roles.Label is not null
            );
        if (ambiguity is not null)
            roles = roles.WithoutAmbiguity(
                keepsLabels: options.LabelsFrom is null
                    && levels.Ambiguity is null
                    && !depths.HasUndivided
                    && inNames is null
            );
        var clips = new FolderClips(nested, depths, levels, roles);
        return new(
            [
                .. clips
                    .Create()
                    .Concat(
                        recordings
                            .Where(recording => recording.Folders.Length == 0)
                            .Select(recording => new Clip(recording.Path, null, null))
                    )
                    .OrderBy(clip => clip.Path, StringComparer.Ordinal),
            ],
            ambiguity is null
                ?
                [
                    .. Describe(folder, roles, options),
                    .. DescribeRoot(folder, recordings.Count - nested.Count),
                    .. clips.Describe(folder.Path, recordings.Count, options),
                    .. roles
                        .Unused.Where(level => level.HasTechnicalNames)
                        .SelectMany(level => DescribeVersions(folder, deciding, level)),
                ]
                : [.. DescribeKept(folder, roles)]
        );
    }

    // anna/angry_1.wav: the folders are speakers rather than labels.
    private static string? FindLabelsInNames(List<(string Path, string[] Folders)> nested, FolderLevel level)
    {
        var words = nested
            .Select(recording =>
                Path.GetFileNameWithoutExtension(recording.Path).Split('_', '-', ' ', '.')[0].TrimEnd([.. "0123456789"])
            )
            .Distinct()
            .ToList();
        return words.Count > 1 && words.All(EmotionWords.IsKnown)
            ? "all files' names begin with words for emotions "
                + $"({string.Join(", ", words.Order(StringComparer.Ordinal))}), so that labels are ambiguous: "
                + $"these (as in '{{speaker}}/{{label}}_*') or {level.Describe()}"
            : null;
    }

    // Levels that are known although others are ambiguous, which patterns tell.
    private static IEnumerable<string> DescribeKept(CorpusFolder folder, FolderRoles roles)
    {
        if (roles.Label is { } label)
            yield return $"{folder.Path}: labels are the names of {label.Describe()}";
        if (roles.Split is { } split)
            yield return $"{folder.Path}: subsets are those of {split.Describe()}";
    }

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

    private static IEnumerable<string> DescribeRoot(CorpusFolder folder, int count)
    {
        if (count > 0)
            yield return $"{folder.Path}: {count} recordings are not in a subfolder and have no label";
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
        string ambiguity,
        bool hasLabels
    )
    {
        var pattern = CreatePattern(first.Folders.Length);
        return new(
            folder.Path,
            OptionText.Create(
                $"{ambiguity}; say which is which with a pattern such as '{pattern}' ({OptionKeys.LabelsFrom}, "
                    + $"{OptionKeys.SpeakersFrom}) for paths like "
                    + $"{InputFile.Quote(string.Join('/', [.. first.Folders, Path.GetFileName(first.Path)]))}, or "
                    + $"that there are none ({(hasLabels ? OptionKeys.SpeakersFrom : OptionKeys.LabelsFrom)} none)"
            )
        );
    }

    /// <summary>A pattern for paths with a number of folders, for messages.</summary>
    public static string CreatePattern(int depth) =>
        depth switch
        {
            1 => "{label}/*",
            2 => "{speaker}/{label}/*",
            _ => string.Join('/', Enumerable.Repeat("*", depth - 2)) + "/{speaker}/{label}/*",
        };

    private static string[] GetFolders(CorpusFolder folder, string path) =>
        Path.GetRelativePath(folder.Path, path).Split(Path.DirectorySeparatorChar)[..^1];
}
