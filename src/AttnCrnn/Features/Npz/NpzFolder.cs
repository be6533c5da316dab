using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using AttnCrnn.Corpora.Readers;
using AttnCrnn.Encoders;

namespace AttnCrnn.Features.Npz;

/// <summary>A folder of the original's feature files, one .npz a clip. Speakers are those that a known corpus' file names tell.</summary>
internal static partial class NpzFolder
{
    private const int MinFrames = 4;

    public static StoreDescription Read(string folder, List<StoredClip> clips, List<ClipWarning> invalid)
    {
        string[] files =
        [
            .. Directory.GetFiles(folder, "*.npz", SearchOption.AllDirectories).Order(StringComparer.Ordinal),
        ];
        if (files.Length == 0)
            throw new InvalidInputException(
                $"{folder}: neither a feature store (store.json) nor .npz files; extract makes a store"
            );
        int? width = null;
        foreach (var file in files)
        {
            try
            {
                var frames = FeatureNpz.Read(file, width);
                if (frames.Frames < MinFrames)
                    throw new InvalidInputException(
                        $"{frames.Frames} frames, expected at least {MinFrames}: leave the clip out"
                    );
                width ??= frames.Width;
                var path = Path.GetFullPath(file);
                var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)));
                var about = NamedCorpora.Recognize(OurDigits().Replace(Path.GetFileNameWithoutExtension(file), ""));
                clips.Add(
                    new(
                        key,
                        path,
                        frames.Label ?? about?.Label,
                        about?.Speaker,
                        null,
                        null,
                        null,
                        frames.Frames,
                        0,
                        path
                    )
                );
            }
            catch (InvalidInputException fault)
            {
                invalid.Add(
                    new(
                        file,
                        fault.Message.StartsWith(file, StringComparison.Ordinal)
                            ? fault.Message[file.Length..].TrimStart(':', ' ')
                            : fault.Message
                    )
                );
            }
        }
        if (width is null)
            throw new InvalidInputException(
                $"{folder}: none of its {files.Length} .npz files can be used; the first: {invalid[0].Message}"
            );
        return new(
            new EncoderDescription(EncoderDescription.Unknown, "", "", 0, width.Value, 1),
            StorePrecision.Float32,
            StoreFormat.Npz
        );
    }

    // What PartWriter puts behind a recording's name.
    [GeneratedRegex("_[0-9a-f]{8}$", RegexOptions.CultureInvariant)]
    private static partial Regex OurDigits();
}
