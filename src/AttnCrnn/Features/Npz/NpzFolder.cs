using System.Globalization;
using System.Text.RegularExpressions;
using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Readers;
using AttnCrnn.Encoders;
using AttnCrnn.Features.Shards;
using AttnCrnn.IO;
using AttnCrnn.Models;

namespace AttnCrnn.Features.Npz;

/// <summary>
/// Reads a folder of .npz feature files, one per clip. Speakers come from the file names of known corpora.
/// </summary>
internal static partial class NpzFolder
{
    /// <summary>Reads the files of a folder and its subfolders.</summary>
    /// <returns>One entry per file, ordered by path; its file is a full path.</returns>
    /// <exception cref="InvalidInputException">There are no .npz files, or none is valid.</exception>
    public static (StoreDescription Description, IReadOnlyList<ShardIndexEntry> Entries) Read(string folder)
    {
        string[] files =
        [
            .. Directory.GetFiles(folder, "*.npz", SearchOption.AllDirectories).Order(StringComparer.Ordinal),
        ];
        if (files.Length == 0)
            throw new InvalidInputException(
                folder,
                $"neither a feature store ({StoreDescription.FileName}) nor .npz files; extract the features first"
            );
        var names = CorpusFileNames.Create([.. files.Select(GetClipName)]);
        int? width = null;
        var entries = new List<ShardIndexEntry>();
        foreach (var file in files)
        {
            var path = Path.GetFullPath(file);
            try
            {
                var frames = FeatureNpz.Read(file, width);
                if (frames.Frames < NetworkOptions.MinFrames)
                    throw new InvalidInputException(
                        $"{frames.Frames} frames, expected at least {NetworkOptions.MinFrames}: exclude the clip"
                    );
                width ??= frames.Width;
                entries.Add(CreateEntry(path, frames, names.Parse(GetClipName(file))));
            }
            catch (InvalidInputException exception)
            {
                entries.Add(
                    ShardIndexEntry.FromClip(new(path, null, null), synthetic: false) with
                    {
                        Problem = exception.TextWithout(file).ToString(),
                    }
                );
            }
        }
        if (width is null)
            throw new InvalidInputException(
                folder,
                $"none of its {files.Length} .npz files is valid; for example {entries[0].Path}: {entries[0].Problem}"
            );
        var encoder = new EncoderDescription(EncoderDescription.Unknown, "", "", 0, width.Value, 1);
        return (new(encoder, StorePrecision.Float32, StoreFormat.Npz), entries);
    }

    private static ShardIndexEntry CreateEntry(string path, FeatureFrames frames, ClipMetadata? metadata)
    {
        var clip = new Clip(path, frames.Label ?? metadata?.Label, metadata?.Speaker);
        return ShardIndexEntry.FromClip(clip, synthetic: false) with
        {
            Key = ComputeKey(frames),
            File = path,
            Frames = frames.Frames,
        };
    }

    private static string ComputeKey(FeatureFrames frames)
    {
        var hash = new Sha256();
        hash.Append(string.Create(CultureInfo.InvariantCulture, $"{frames.Frames}|{frames.Width}|"));
        hash.Append(frames.Values);
        return hash.Finish();
    }

    private static string GetClipName(string file) =>
        HashSuffixPattern().Replace(Path.GetFileNameWithoutExtension(file), "");

    // The suffix that ShardWriter appends to a recording's name.
    [GeneratedRegex("_[0-9a-f]{8}$", RegexOptions.CultureInvariant)]
    private static partial Regex HashSuffixPattern();
}
