using AttnCrnn.Corpora.Layouts;
using AttnCrnn.Corpora.Layouts.Names;
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
    /// A source is missing, there are no recordings, or a clip is listed with different labels, speakers or subsets.
    /// </exception>
    /// <exception cref="InvalidFileException">A manifest is invalid.</exception>
    public static Corpus Read(IReadOnlyList<string> sources, CorpusReadOptions options)
    {
        if (sources.Count == 0)
            throw new InvalidInputException(
                $"no source: specify a folder of recordings, a recording, or a manifest ({ManifestFile.Extensions})"
            );
        var paths = PathMetadata.Create(options);
        List<Clip> clips = [];
        List<string> names = [];
        List<string> notices = [];
        List<CorpusCitation> citations = [];
        List<(string Path, Range Clips)> read = [];
        var synthetic = false;
        foreach (var source in sources)
        {
            var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(source));
            var first = clips.Count;
            if (File.Exists(path) && ManifestFile.Matches(path))
            {
                ProtocolAssignment.RequireNone(source, options);
                clips.AddRange(paths.Apply(ManifestReader.Read(path, options, notices), null, notices));
                names.Add(Path.GetFileName(path));
                synthetic |= File.Exists(Path.Combine(Path.GetDirectoryName(path)!, SyntheticMarker));
            }
            else if (File.Exists(path))
            {
                ProtocolAssignment.RequireNone(source, options);
                clips.AddRange(paths.Apply([new(path, null, null)], null, notices));
                names.Add(Path.GetFileName(path));
            }
            else if (Directory.Exists(path))
            {
                var folder = CorpusFolder.Open(path);
                notices.AddRange(folder.Notices);
                List<Clip> folderClips = [];
                names.Add(ReadFolder(folder, options, folderClips, notices, citations));
                clips.AddRange(paths.Apply(folderClips, path, notices));
                synthetic |= File.Exists(Path.Combine(path, SyntheticMarker));
            }
            else
                throw new InvalidInputException(source, MissingPath.Describe(path, "no such file or folder"));
            read.Add((path, first..clips.Count));
        }
        if (clips.Count == 0)
            throw new InvalidInputException(
                $"{string.Join(", ", sources)}: no recordings found (.wav, .flac, .mp3, .mp4 and others)"
                    + string.Concat(DescribeLeftOutFiles(sources))
            );
        SourceSubsets.Apply(read, clips, options, notices);
        Clip[] listed = [.. ProtocolAssignment.Clear(ClipNames.Unify(clips, notices), options)];
        var once = ListedClips.CountOnce(listed, options.LabelConflict, notices, sources);
        OptionText[] texts = [.. notices.Select(NoticeText.Decode)];
        return new(string.Join(", ", names.Distinct()), once, [.. texts.Select(text => text.ToString())], synthetic)
        {
            NoticeTexts = texts,
            Citations = [.. citations.Distinct()],
            Sources =
            [
                .. read.Select(source => new CorpusSource(source.Path, Resolve(listed[source.Clips], once, options))),
            ],
        };
    }

    // Of a clip that contradicts another source, a source has the values of the first where these are used.
    private static Clip[] Resolve(Clip[] clips, IReadOnlyList<Clip> once, CorpusReadOptions options)
    {
        if (options.LabelConflict != LabelConflict.KeepFirst)
            return clips;
        var used = once.ToDictionary(clip => clip.Identity);
        return [.. clips.Select(clip => used[clip.Identity])];
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
        if (FolderLayouts.Find(folder) is { } layout)
        {
            if (layout is not EmoBoxLayout)
                ProtocolAssignment.RequireNone(folder.Path, options);
            var listed = layout.Read(folder, options);
            clips.AddRange(listed.Clips);
            notices.AddRange(listed.Notices);
            AddLeftOutFiles(folder, isCorpus: true, notices);
            return Path.GetFileName(folder.Path);
        }
        var recognition = CorpusReaders.Recognize(folder);
        notices.AddRange(recognition.Notices);
        if (recognition.Reader is { } reader)
        {
            var corpus = ProtocolAssignment.Apply(reader.Description, reader.Read(folder, options), options);
            clips.AddRange(corpus.Clips);
            notices.AddRange(corpus.Notices);
            if (options.LabelKind != LabelKind.Default && !reader.Description.HasIntendedAndPerceived)
                notices.Add(
                    $"{reader.Name} has labels of one kind: {corpus.Clips.Count} clips have the same with every kind"
                );
            citations.Add(reader.Citation);
            AddLeftOutFiles(folder, isCorpus: true, notices);
            return reader.Name;
        }
        ProtocolAssignment.RequireNone(folder.Path, options);
        var named = FolderNames.Read(folder, options, recognition.Notices);
        clips.AddRange(named.Clips);
        notices.AddRange(named.Notices);
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
    }
}
