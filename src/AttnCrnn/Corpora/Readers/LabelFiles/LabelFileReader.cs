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

    /// <summary>Whether no other corpus has such names, so that a folder without label files is recognized.</summary>
    protected virtual bool IsRecognizedByNames => true;

    public abstract CorpusClips Read(CorpusFolder folder, CorpusReadOptions options);

    // Names do not have the labels.
    public ClipMetadata? ParseFileName(string name) => null;

    /// <summary>Identity of the clip that a recording contains, equal for its copies; null if it is no clip.</summary>
    protected abstract string? Identify(string path, CorpusFolder folder);

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

    /// <summary>Says how many clips have no label, and how many labels have no recording.</summary>
    /// <param name="missing">Labeled clips without a recording.</param>
    protected void AddCounts(IReadOnlyCollection<Clip> clips, IReadOnlyCollection<string> missing, List<string> notices)
    {
        var unlabeled = clips.Where(clip => clip.Label is null).ToList();
        if (unlabeled.Count > 0)
            notices.Add(
                $"{unlabeled.Count} of {clips.Count} clips of {Name} (for example {unlabeled[0].Path}) have no label"
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
