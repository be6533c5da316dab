using AttnCrnn.Corpora.Manifests;
using AttnCrnn.Corpora.Readers;
using AttnCrnn.IO;

namespace AttnCrnn.Corpora;

/// <summary>
/// Reads clips from folders, recordings and manifests. A folder that contains one of the corpora of docs/corpora.md is
/// read as that corpus; in any other, a clip's label is the name of its subfolder, and clips in the source folder
/// itself have none.
/// </summary>
public static class CorpusReader
{
    /// <summary>Reads corpora, folders and manifests as one corpus.</summary>
    /// <exception cref="InvalidInputException">A source is missing, or there are no recordings.</exception>
    /// <exception cref="InvalidFileException">A manifest is invalid.</exception>
    public static Corpus Read(IReadOnlyList<string> sources) => Read(sources, CorpusReadOptions.Default);

    /// <summary>Reads corpora, folders and manifests as one corpus.</summary>
    /// <exception cref="InvalidInputException">
    /// A source is missing, there are no recordings, or a clip is listed with different labels.
    /// </exception>
    /// <exception cref="InvalidFileException">A manifest is invalid.</exception>
    public static Corpus Read(IReadOnlyList<string> sources, CorpusReadOptions options)
    {
        if (sources.Count == 0)
            throw new InvalidInputException(
                $"no source: specify a folder of recordings, a recording, or a manifest ({ManifestFile.Extensions})"
            );
        List<Clip> clips = [];
        List<string> names = [];
        List<string> notices = [];
        List<CorpusCitation> citations = [];
        List<CorpusSource> read = [];
        var synthetic = false;
        foreach (var source in sources)
        {
            var path = Path.GetFullPath(source);
            var first = clips.Count;
            if (File.Exists(path) && ManifestFile.Matches(path))
            {
                ProtocolAssignment.RequireNone(source, options);
                clips.AddRange(ManifestReader.Read(path, options, notices));
                names.Add(Path.GetFileName(path));
                synthetic |= File.Exists(Path.Combine(Path.GetDirectoryName(path)!, SyntheticMarker));
            }
            else if (File.Exists(path))
            {
                ProtocolAssignment.RequireNone(source, options);
                clips.Add(new(path, null, null));
                names.Add(Path.GetFileName(path));
            }
            else if (Directory.Exists(path))
            {
                names.Add(ReadFolder(CorpusFolder.Open(path), options, clips, notices, citations));
                synthetic |= File.Exists(Path.Combine(path, SyntheticMarker));
            }
            else
                throw new InvalidInputException(source, "no such file or folder");
            read.Add(new(path, clips[first..]));
        }
        if (clips.Count == 0)
            throw new InvalidInputException(
                $"{string.Join(", ", sources)}: no recordings found (.wav, .flac, .mp3, .mp4 and others)"
                    + string.Concat(DescribeLeftOutFiles(sources))
            );
        return new(
            string.Join(", ", names.Distinct()),
            ProtocolAssignment.Clear(
                ListedClips.CountOnce(ClipNames.Unify(clips, notices), options.LabelConflict, notices, sources),
                options
            ),
            notices,
            synthetic
        )
        {
            Citations = [.. citations.Distinct()],
            Sources = read,
        };
    }

    /// <summary>File that marks a folder as synthetic.</summary>
    internal const string SyntheticMarker = "SYNTHETIC.txt";

    private static string ReadFolder(
        CorpusFolder folder,
        CorpusReadOptions options,
        List<Clip> clips,
        List<string> notices,
        List<CorpusCitation> citations
    )
    {
        var recognition = CorpusReaders.Recognize(folder);
        notices.AddRange(recognition.Notices);
        if (recognition.Reader is { } reader)
        {
            var corpus = ProtocolAssignment.Apply(reader.Description, reader.Read(folder, options), options);
            clips.AddRange(corpus.Clips);
            notices.AddRange(corpus.Notices);
            citations.Add(reader.Citation);
            AddLeftOutFiles(folder, isCorpus: true, notices);
            return reader.Name;
        }
        ProtocolAssignment.RequireNone(folder.Path, options);
        foreach (var file in folder.Recordings)
        {
            var parent = Path.GetDirectoryName(file);
            clips.Add(new(file, parent == folder.Path ? null : Path.GetFileName(parent), null));
        }
        var labeled = clips.Count(clip =>
            clip.Label is not null && clip.Path.StartsWith(folder.Path, StringComparison.Ordinal)
        );
        notices.Add(
            labeled == 0
                ? $"{folder.Path}: no labels (its recordings are not in subfolders)"
                : $"{folder.Path}: labels are the folder names; speakers are unknown"
        );
        AddLeftOutFiles(folder, isCorpus: false, notices);
        return Path.GetFileName(folder.Path);
    }

    private static IEnumerable<string> DescribeLeftOutFiles(IEnumerable<string> sources) =>
        from source in sources
        where Directory.Exists(source)
        let message = CorpusFolder.Open(Path.GetFullPath(source)).DescribeLeftOutFiles(isCorpus: false)
        where message is not null
        select $"; {message}";

    private static void AddLeftOutFiles(CorpusFolder folder, bool isCorpus, List<string> notices)
    {
        if (folder.DescribeLeftOutFiles(isCorpus) is { } leftOut)
            notices.Add(leftOut);
        if (NameEncoding.DescribeFolders(folder.Path) is { } names)
            notices.Add(names);
    }
}
