using AttnCrnn.Audio;
using AttnCrnn.Corpora;

namespace AttnCrnn.Cli.Commands;

/// <summary>What predict is to judge: a recording, or a stretch of it, or an .npz of frames.</summary>
/// <param name="Path">As it was given; a manifest's are absolute.</param>
/// <param name="Speaker">As a manifest's column or --speaker says; null: nobody said.</param>
internal sealed record PredictClip(string Path, string? Speaker, double? StartSeconds = null, double? EndSeconds = null)
{
    /// <summary>Whether it holds frames, and is no recording.</summary>
    public bool IsFrames => Path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase);

    /// <summary>All that the command line names, in its order: files, folders of them, manifests.</summary>
    /// <param name="speaker">Whose clips those are of which no manifest's column says it.</param>
    /// <exception cref="InvalidInputException">A folder holds no recordings, or a manifest is wrong or missing.</exception>
    public static IReadOnlyList<PredictClip> Named(IEnumerable<string> arguments, string? speaker) =>
        [.. arguments.SelectMany(argument => Of(argument, speaker))];

    private static IEnumerable<PredictClip> Of(string path, string? speaker)
    {
        if (System.IO.Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase))
            return Manifest
                .Read(path)
                .Select(clip => new PredictClip(
                    clip.Path,
                    clip.Speaker ?? speaker,
                    clip.StartSeconds,
                    clip.EndSeconds
                ));
        if (!Directory.Exists(path))
            return [new(path, speaker)];
        string[] files =
        [
            .. Directory
                .EnumerateFiles(path, "*", SearchOption.AllDirectories)
                .Where(file =>
                    AudioReader.IsAudioName(file) || file.EndsWith(".npz", StringComparison.OrdinalIgnoreCase)
                )
                .Order(StringComparer.Ordinal),
        ];
        return files.Length > 0
            ? files.Select(file => new PredictClip(file, speaker))
            : throw new InvalidInputException($"{path}: no recordings in it");
    }
}

/// <summary>What is judged at once: a clip, or a window of it.</summary>
/// <param name="StartSeconds">Where it begins in the recording; null where the frames have no known rate.</param>
internal sealed record PredictionWindow(double? StartSeconds, double? EndSeconds, Encoders.FrameMatrix Frames);
