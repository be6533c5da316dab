using AttnCrnn.Audio;
using AttnCrnn.Corpora.Readers;

namespace AttnCrnn.Corpora;

/// <summary>
/// Clips from folders, single recordings and manifests. A folder whose recordings are all named as RAVDESS, CREMA-D or EMO-DB names them is
/// read as that corpus; in any other, the folder a clip lies in is its label, but for clips that lie in the source itself, which have none.
/// </summary>
public static class CorpusReader
{
    /// <summary>Reads corpora, folders and manifests as one corpus.</summary>
    /// <exception cref="InvalidInputException">A source is missing, or none holds a recording.</exception>
    /// <exception cref="InvalidFileException">A manifest is wrong.</exception>
    public static Corpus Read(IReadOnlyList<string> sources)
    {
        if (sources.Count == 0)
            throw new InvalidInputException(
                "no source: name a folder of recordings, a recording, or a manifest (.csv)"
            );
        List<Clip> clips = [];
        List<string> names = [],
            notes = [];
        var synthetic = false;
        foreach (var source in sources)
        {
            var path = Path.GetFullPath(source);
            if (File.Exists(path) && Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase))
            {
                clips.AddRange(Manifest.Read(path));
                names.Add(Path.GetFileName(path));
                synthetic |= File.Exists(Path.Combine(Path.GetDirectoryName(path)!, SyntheticMarker));
            }
            else if (File.Exists(path))
            {
                clips.Add(new(path, null, null));
                names.Add(Path.GetFileName(path));
            }
            else if (Directory.Exists(path))
            {
                names.Add(ReadFolder(path, clips, notes));
                synthetic |= File.Exists(Path.Combine(path, SyntheticMarker));
            }
            else
                throw new InvalidInputException($"{source}: no such file or folder");
        }
        if (clips.Count == 0)
            throw new InvalidInputException(
                $"{string.Join(", ", sources)}: no recordings found (names such as .wav, .flac, .mp3, .mp4)"
            );
        var twice = clips
            .GroupBy(clip => (clip.Path, clip.StartSeconds, clip.EndSeconds))
            .Where(same => same.Count() > 1)
            .Select(same => same.First().Path)
            .ToList();
        if (twice.Count > 0)
            notes.Add($"{twice.Count} clips are named twice, {twice[0]} first: each is taken once");
        return new(
            string.Join(", ", names.Distinct()),
            [.. clips.DistinctBy(clip => (clip.Path, clip.StartSeconds, clip.EndSeconds))],
            notes,
            synthetic
        );
    }

    /// <summary>The file that marks a generated corpus: whoever reads the folder learns it.</summary>
    internal const string SyntheticMarker = "SYNTHETIC.txt";

    private static string ReadFolder(string folder, List<Clip> clips, List<string> notes)
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
            IgnoreInaccessible = false,
        };
        string[] files =
        [
            .. Directory
                .EnumerateFiles(folder, "*", options)
                .Where(AudioReader.IsAudioName)
                .Order(StringComparer.Ordinal),
        ];
        foreach (var (name, read) in NamedCorpora.All)
        {
            var labels = files.Select(file => (file, about: read(Path.GetFileNameWithoutExtension(file)))).ToArray();
            var strangers = labels
                .Where(valueTuple => valueTuple.about is null)
                .Select(valueTuple => valueTuple.file)
                .ToArray();
            if (files.Length == 0 || strangers.Length * 5 > files.Length)
                continue; // most names are the corpus'
            clips.AddRange(
                labels.Select(valueTuple => new Clip(
                    valueTuple.file,
                    valueTuple.about?.Label,
                    valueTuple.about?.Speaker
                ))
            );
            notes.Add($"{folder}: {name} by its file names");
            if (strangers.Length > 0)
                notes.Add(
                    $"{strangers.Length} files are not named as {name} names them, {strangers[0]} first: they have no label"
                );
            return name;
        }
        foreach (var file in files)
        {
            var parent = Path.GetDirectoryName(file)!;
            clips.Add(new(file, parent == folder ? null : Path.GetFileName(parent), null));
        }
        var labelled = clips.Count(clip =>
            clip.Label is not null && clip.Path.StartsWith(folder, StringComparison.Ordinal)
        );
        notes.Add(
            labelled == 0
                ? $"{folder}: no labels (its recordings lie in no folders)"
                : $"{folder}: labels are the folders' names; no speakers are named"
        );
        return Path.GetFileName(folder);
    }
}
