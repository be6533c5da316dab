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
    public static CorpusClips Read(CorpusFolder folder, CorpusReadOptions options)
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
            throw CreateError(folder, nested[0], ambiguity);
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
            ambiguity is null ? [.. Describe(folder, roles, clips.Length - nested.Count)] : []
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

    private static IEnumerable<string> Describe(CorpusFolder folder, FolderRoles roles, int unlabeled)
    {
        var parts = new List<string>
        {
            roles.Label is { } label
                ? $"labels are the names of {label.Describe()}"
                : $"labels are unknown ({OptionKeys.LabelsFrom} takes them from paths)",
            roles.Speaker is { } speaker ? $"speakers are those of {speaker.Describe()}" : "speakers are unknown",
        };
        if (roles.Split is { } split)
            parts.Add($"subsets are those of {split.Describe()}");
        if (roles.Sex is { } sex)
            parts.Add($"sexes are those of {sex.Describe()}");
        if (roles.Unused.Count > 0)
            parts.Add($"not used: {string.Join(", ", roles.Unused.Select(level => level.Describe()))}");
        yield return $"{folder.Path}: {string.Join("; ", parts)}";
        if (unlabeled > 0)
            yield return $"{folder.Path}: {unlabeled} recordings are not in a subfolder and have no label";
    }

    private static InvalidInputException CreateError(
        CorpusFolder folder,
        (string Path, string[] Folders) first,
        string ambiguity
    )
    {
        var pattern = first.Folders.Length switch
        {
            1 => "{label}/*",
            2 => "{speaker}/{label}/*",
            var depth => string.Join('/', Enumerable.Repeat("*", depth - 2)) + "/{speaker}/{label}/*",
        };
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

    private static string[] GetFolders(CorpusFolder folder, string path) =>
        Path.GetRelativePath(folder.Path, path).Split(Path.DirectorySeparatorChar)[..^1];
}
