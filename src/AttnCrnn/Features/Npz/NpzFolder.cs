using System.Text.RegularExpressions;
using AttnCrnn.Corpora.Readers;
using AttnCrnn.Encoders;
using AttnCrnn.IO;
using AttnCrnn.Models;

namespace AttnCrnn.Features.Npz;

/// <summary>
/// Reads a folder of .npz feature files, one per clip. Speakers come from the file names of known corpora.
/// </summary>
internal static partial class NpzFolder
{
    public static StoreDescription Read(string folder, List<StoredClip> clips, List<ClipWarning> invalid)
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
        foreach (var file in files)
        {
            try
            {
                var frames = FeatureNpz.Read(file, width);
                if (frames.Frames < NetworkOptions.MinFrames)
                    throw new InvalidInputException(
                        $"{frames.Frames} frames, expected at least {NetworkOptions.MinFrames}: exclude the clip"
                    );
                width ??= frames.Width;
                var path = Path.GetFullPath(file);
                var key = Sha256.Compute(path);
                var metadata = names.Parse(GetClipName(file));
                clips.Add(
                    new(
                        key,
                        path,
                        frames.Label ?? metadata?.Label,
                        metadata?.Speaker,
                        null,
                        null,
                        null,
                        frames.Frames,
                        0,
                        path
                    )
                );
            }
            catch (InvalidInputException exception)
            {
                invalid.Add(new(file, exception.TextWithout(file).ToString()));
            }
        }
        if (width is null)
            throw new InvalidInputException(
                folder,
                $"none of its {files.Length} .npz files is valid; for example {invalid[0].Path}: {invalid[0].Message}"
            );
        return new(
            new EncoderDescription(EncoderDescription.Unknown, "", "", 0, width.Value, 1),
            StorePrecision.Float32,
            StoreFormat.Npz
        );
    }

    private static string GetClipName(string file) =>
        HashSuffixPattern().Replace(Path.GetFileNameWithoutExtension(file), "");

    // The suffix that ShardWriter appends to a recording's name.
    [GeneratedRegex("_[0-9a-f]{8}$", RegexOptions.CultureInvariant)]
    private static partial Regex HashSuffixPattern();
}
