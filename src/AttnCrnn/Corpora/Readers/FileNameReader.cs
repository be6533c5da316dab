namespace AttnCrnn.Corpora.Readers;

/// <summary>
/// A corpus with label and speaker in the paths of its recordings. A folder is recognized if at least 80% of its
/// recordings match; the others have no label.
/// </summary>
internal abstract class FileNameReader : ICorpusReader
{
    private const int MinMatchingPercent = 80;

    public string Name => Citation.Corpus;

    public abstract CorpusCitation Citation { get; }

    public bool Recognizes(CorpusFolder folder)
    {
        var matching = folder.Recordings.Count(path => ParsePath(path) is not null);
        return matching > 0 && matching * 100L >= MinMatchingPercent * (long)folder.Recordings.Count;
    }

    public CorpusClips Read(CorpusFolder folder, CorpusReadOptions options)
    {
        Clip[] clips = [.. folder.Recordings.Select(CreateClip)];
        List<string> notices = [$"{folder.Path}: recognized as {Name} by its file names"];
        var unlabeled = clips.Where(clip => clip.Label is null).ToArray();
        if (unlabeled.Length > 0)
            notices.Add(
                $"{unlabeled.Length} files (for example {unlabeled[0].Path}) do not match the file names of {Name} and "
                    + "have no label"
            );
        return new(clips, notices);
    }

    public ClipMetadata? ParseFileName(string name) => Parse(name, folder: "");

    /// <summary>Label and speaker of a recording; null if it is not of this corpus.</summary>
    /// <param name="name">File name without extension.</param>
    /// <param name="folder">Name of the folder that contains the file; empty if unknown.</param>
    protected abstract ClipMetadata? Parse(string name, string folder);

    private ClipMetadata? ParsePath(string path) =>
        Parse(Path.GetFileNameWithoutExtension(path), Path.GetFileName(Path.GetDirectoryName(path)) ?? "");

    private Clip CreateClip(string path)
    {
        var metadata = ParsePath(path);
        return new(path, metadata?.Label, metadata?.Speaker);
    }
}
