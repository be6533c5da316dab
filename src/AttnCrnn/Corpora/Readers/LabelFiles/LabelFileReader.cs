using AttnCrnn.IO;

namespace AttnCrnn.Corpora.Readers.LabelFiles;

/// <summary>
/// A corpus with labels in files beside its recordings, whose names identify the clips. A folder is recognized by its
/// label files, or if at least 80% of its recordings have such names, so that missing label files are reported.
/// </summary>
internal abstract class LabelFileReader : ICorpusReader
{
    public string Name => Description.Name;

    public abstract CorpusDescription Description { get; }

    public bool Recognizes(CorpusFolder folder)
    {
        var hasLabels = folder.Files.Any(IsLabelFile);
        if (!hasLabels && !IsRecognizedByNames)
            return false;
        var matching = folder.Recordings.Count(path => Identify(path, folder) is not null);
        return matching > 0 && (hasLabels || CorpusFolder.IsSufficient(matching, folder.Recordings.Count));
    }

    /// <summary>
    /// What is missing in a folder with the recordings of this corpus that is not recognized without its label files;
    /// null: nothing.
    /// </summary>
    public string? DescribeMissingLabels(CorpusFolder folder)
    {
        if (IsRecognizedByNames || folder.Files.Any(IsLabelFile))
            return null;
        var ids = folder.Recordings.Select(path => Identify(path, folder)).OfType<string>().ToList();
        return ids.Count == 0 || !CorpusFolder.IsSufficient(ids.Count, folder.Recordings.Count)
            ? null
            : $"{folder.Path}: {ids.Count} of {folder.Recordings.Count} names are like those of {Name}, but none of "
                + $"its label files is there ({string.Join(", ", ids.Select(DescribeLabelFile).Distinct())}): not read "
                + "as this corpus; put them into the folder";
    }

    /// <summary>Whether no other corpus has such names, so that a folder without label files is recognized.</summary>
    protected virtual bool IsRecognizedByNames => true;

    public abstract CorpusClips Read(CorpusFolder folder, CorpusReadOptions options);

    // Names do not have the labels.
    public ClipMetadata? ParseFileName(string name) => null;

    /// <summary>Identity of the clip that a recording contains, equal for its copies; null if it is no clip.</summary>
    protected abstract string? Identify(string path, CorpusFolder folder);

    /// <summary>The file that has the label of a clip, as it lies in the corpus, for messages.</summary>
    protected abstract string DescribeLabelFile(string id);

    /// <summary>Whether a file has the labels of this corpus.</summary>
    protected abstract bool IsLabelFile(string path);

    /// <summary>The recordings of the corpus, each clip once, and notices about the others.</summary>
    protected IReadOnlyList<(string Path, string Id)> FindRecordings(CorpusFolder folder, List<string> notices)
    {
        notices.Add($"{folder.Path}: recognized as {Name}");
        var recordings = folder.Recordings.Select(path => (Path: path, Id: Identify(path, folder))).ToList();
        var others = recordings.Where(recording => recording.Id is null).ToList();
        if (others.Count > 0)
            notices.Add(
                $"{others.Count} recordings (for example {others[0].Path}) are no clips of {Name} by their names, and "
                    + "are left out"
            );
        return ClipCopies.SelectOnce(
            recordings
                .Where(recording => recording.Id is not null)
                .Select(recording => (recording.Path, recording.Id!)),
            notices
        );
    }

    /// <summary>Says how many clips have no label and why, and how many labels have no recording.</summary>
    /// <param name="unlisted">Clips that are in no label file.</param>
    /// <param name="missing">Labeled clips without a recording.</param>
    protected void AddCounts(
        IReadOnlyCollection<Clip> clips,
        IReadOnlyList<(string Path, string Id)> unlisted,
        IReadOnlyCollection<string> missing,
        List<string> notices
    )
    {
        if (unlisted.Count > 0)
            notices.Add(
                $"{unlisted.Count} of {clips.Count} clips of {Name} (for example {unlisted[0].Path}) are in no label "
                    + $"file: looked for {DescribeLabelFile(unlisted[0].Id)} in the folder and its subfolders; put the "
                    + "label files there, or specify the folder that has both"
            );
        var paths = unlisted.Select(recording => recording.Path).ToHashSet(StringComparer.Ordinal);
        var unlabeled = clips.Where(clip => clip.Label is null && !paths.Contains(clip.Path)).ToList();
        if (unlabeled.Count > 0)
            notices.Add(
                $"{unlabeled.Count} of {clips.Count} clips of {Name} (for example {unlabeled[0].Path}) have no label, "
                    + "since its raters do not agree"
            );
        if (missing.Count > 0)
            notices.Add($"{missing.Count} labels of {Name} (for example {missing.First()}) are of no recording here");
    }

    /// <summary>An error in a line of a label file.</summary>
    public static InvalidFileException CreateLineError(string path, int line, string found, string expected) =>
        new(
            path,
            null,
            $"{InputFile.Quote(found)} in line {line}",
            expected,
            "correct the line, or get the file again from the corpus"
        );
}
