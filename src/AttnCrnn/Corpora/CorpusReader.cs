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
                "no source: specify a folder of recordings, a recording, or a manifest (.csv)"
            );
        List<Clip> clips = [];
        List<string> names = [];
        List<string> notices = [];
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
                names.Add(ReadFolder(path, clips, notices));
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
            .Where(duplicateClips => duplicateClips.Count() > 1)
            .Select(duplicateClips => duplicateClips.First().Path)
            .ToList();
        if (duplicates.Count > 0)
            notices.Add(
                $"{duplicates.Count} clips are listed more than once (for example {duplicates[0]}); "
                    + "duplicates are ignored"
            );
        return new(
            string.Join(", ", names.Distinct()),
            [.. clips.DistinctBy(clip => (clip.Path, clip.StartSeconds, clip.EndSeconds))],
            notices,
            synthetic
        );
    }

    /// <summary>File that marks a folder as synthetic.</summary>
    internal const string SyntheticMarker = "SYNTHETIC.txt";

    private static string ReadFolder(string folder, List<Clip> clips, List<string> notices)
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
                .Where(AudioReader.HasAudioExtension)
                .Order(StringComparer.Ordinal),
        ];
        foreach (var (name, readName) in NamedCorpora.All)
        {
            var entries = files
                .Select(file => (file, metadata: readName(Path.GetFileNameWithoutExtension(file))))
                .ToArray();
            var unmatched = entries.Where(entry => entry.metadata is null).Select(entry => entry.file).ToArray();
            if (files.Length == 0 || unmatched.Length * 5 > files.Length)
                continue; // at least 80% of the names must match
            clips.AddRange(
                entries.Select(entry => new Clip(entry.file, entry.metadata?.Label, entry.metadata?.Speaker))
            );
            notices.Add($"{folder}: recognized as {name} by its file names");
            if (unmatched.Length > 0)
                notices.Add(
                    $"{unmatched.Length} files (for example {unmatched[0]}) do not match the file names of {name} and "
                        + "have no label"
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
        notices.Add(
            labeled == 0
                ? $"{folder}: no labels (its recordings are not in subfolders)"
                : $"{folder}: labels are the folder names; speakers are unknown"
        );
        return Path.GetFileName(folder);
    }
}
