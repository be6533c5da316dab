using AttnCrnn.Audio;
using AttnCrnn.IO;

namespace AttnCrnn.Corpora.Readers;

/// <summary>A folder with all its files, recordings and others, such as label files.</summary>
/// <param name="Path">Absolute path of the folder.</param>
/// <param name="Files">Absolute paths of all files, also in subfolders, in ordinal order.</param>
internal sealed record CorpusFolder(string Path, IReadOnlyList<string> Files)
{
    private const int MinMatchingPercent = 80;

    /// <summary>Whether enough recordings are of a corpus for their folder to be read as that corpus.</summary>
    public static bool IsSufficient(int matching, int recordings) =>
        matching * 100L >= MinMatchingPercent * (long)recordings;

    /// <summary>The files that are recordings by their extension, in ordinal order.</summary>
    public IReadOnlyList<string> Recordings { get; } = [.. Files.Where(AudioReader.HasAudioExtension)];

    /// <summary>What must be said about the files that are no recordings; null: nothing.</summary>
    /// <param name="isCorpus">Whether a reader knows the folder, and reads the documents among them.</param>
    public string? DescribeLeftOutFiles(bool isCorpus) =>
        LeftOutFiles.Describe(
            Path,
            Files.Where(file =>
                !AudioReader.HasAudioExtension(file) && System.IO.Path.GetFileName(file) != CorpusReader.SyntheticMarker
            ),
            countDocuments: !isCorpus
        );

    /// <summary>What was left out of <see cref="Files"/>, for the user.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>
    /// Lists the files of a folder and its subfolders, without hidden ones; each real folder is entered once.
    /// </summary>
    /// <exception cref="InvalidInputException">The folder itself cannot be read.</exception>
    public static CorpusFolder Open(string path)
    {
        var walk = FolderWalk.Create(path);
        return new(path, walk.Files) { Notices = walk.Notices };
    }
}
