using AttnCrnn.Audio;
using AttnCrnn.Corpora;

namespace AttnCrnn.Cli.Commands.Prediction;

/// <summary>An input of predict: a recording, a segment of one, or an .npz of frames.</summary>
/// <param name="Path">As in the argument; absolute if it comes from a manifest.</param>
/// <param name="Speaker">From the manifest's column or --speaker; null: unknown.</param>
internal sealed record PredictClip(string Path, string? Speaker, double? StartSeconds = null, double? EndSeconds = null)
{
    /// <summary>Whether it is a file of frames instead of a recording.</summary>
    public bool IsFrames => Path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase);

    /// <summary>The clips of the arguments, in their order: files, folders, manifests.</summary>
    /// <param name="speaker">Speaker of the clips for which no manifest has a speaker.</param>
    /// <exception cref="InvalidInputException">A folder is empty, or a manifest is invalid or missing.</exception>
    public static IReadOnlyList<PredictClip> FromArguments(IEnumerable<string> arguments, string? speaker) =>
        [.. arguments.SelectMany(argument => Expand(argument, speaker))];

    private static IEnumerable<PredictClip> Expand(string path, string? speaker)
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
                    AudioReader.HasAudioExtension(file) || file.EndsWith(".npz", StringComparison.OrdinalIgnoreCase)
                )
                .Order(StringComparer.Ordinal),
        ];
        return files.Length > 0
            ? files.Select(file => new PredictClip(file, speaker))
            : throw new InvalidInputException(path, "the folder has no recordings");
    }
}

/// <summary>The input of one prediction: a clip, or a window of it.</summary>
/// <param name="StartSeconds">Start in the recording; null if the frame rate is unknown.</param>
internal sealed record PredictionWindow(double? StartSeconds, double? EndSeconds, Encoders.FrameMatrix Frames);
