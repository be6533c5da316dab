using AttnCrnn.Audio;
using AttnCrnn.Corpora.Readers;

namespace AttnCrnn.Corpora;

/// <summary>
/// Reads clips from folders, recordings and manifests. A folder whose files are mostly named as in RAVDESS, CREMA-D or
/// EMO-DB is read as that corpus; in any other, a clip's label is the name of its subfolder, and clips in the source
/// folder itself have none.
/// </summary>
public static class CorpusReader
{
    /// <summary>Reads corpora, folders and manifests as one corpus.</summary>
    /// <exception cref="InvalidInputException">A source is missing, or there are no recordings.</exception>
    /// <exception cref="InvalidFileException">A manifest is invalid.</exception>
    public static Corpus Read(IReadOnlyList<string> sources)
    {
        if (sources.Count == 0)
            throw new InvalidInputException(
                "no source: give a folder of recordings, a recording, or a manifest (.csv)"
            );
        List<Clip> clips = [];
        List<string> names = [];
        List<string> notes = [];
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
                throw new InvalidInputException(source, "no such file or folder");
        }
        if (clips.Count == 0)
            throw new InvalidInputException(
                $"{string.Join(", ", sources)}: no recordings found (.wav, .flac, .mp3, .mp4 and others)"
            );
        var duplicates = clips
            .GroupBy(clip => (clip.Path, clip.StartSeconds, clip.EndSeconds))
            .Where(same => same.Count() > 1)
            .Select(same => same.First().Path)
            .ToList();
        if (duplicates.Count > 0)
            notes.Add($"{duplicates.Count} clips are listed twice, {duplicates[0]} first: each is used once");
        return new(
            string.Join(", ", names.Distinct()),
            [.. clips.DistinctBy(clip => (clip.Path, clip.StartSeconds, clip.EndSeconds))],
            notes,
            synthetic
        );
    }

    /// <summary>File that marks a folder as synthetic.</summary>
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
            var entries = files
                .Select(file => (file, metadata: read(Path.GetFileNameWithoutExtension(file))))
                .ToArray();
            var unmatched = entries.Where(entry => entry.metadata is null).Select(entry => entry.file).ToArray();
            if (files.Length == 0 || unmatched.Length * 5 > files.Length)
                continue; // at least 80% of the names must match
            clips.AddRange(
                entries.Select(entry => new Clip(entry.file, entry.metadata?.Label, entry.metadata?.Speaker))
            );
            notes.Add($"{folder}: {name} by its file names");
            if (unmatched.Length > 0)
                notes.Add(
                    $"{unmatched.Length} files do not match the file names of {name}, {unmatched[0]} first: they have "
                        + "no label"
                );
            return name;
        }
        foreach (var file in files)
        {
            var parent = Path.GetDirectoryName(file);
            clips.Add(new(file, parent == folder ? null : Path.GetFileName(parent), null));
        }
        var labeled = clips.Count(clip =>
            clip.Label is not null && clip.Path.StartsWith(folder, StringComparison.Ordinal)
        );
        notes.Add(
            labeled == 0
                ? $"{folder}: no labels (its recordings are not in subfolders)"
                : $"{folder}: labels are the folder names; no speakers are named"
        );
        return Path.GetFileName(folder);
    }
}
