using AttnCrnn.Corpora;
using AttnCrnn.Prediction.Recordings;

namespace AttnCrnn.Prediction;

/// <summary>Inputs of predictions from files, folders and manifests.</summary>
public static class PredictionInputs
{
    /// <summary>The inputs of a path: the file, the files of a folder, or the clips of a manifest (.csv).</summary>
    /// <param name="speaker">Speaker of the clips for which a manifest has no speaker; null: unknown.</param>
    /// <param name="notice">Receives what is left out of a folder, in one line.</param>
    /// <exception cref="InvalidInputException">
    /// The folder has no recordings, or the manifest is invalid or missing.
    /// </exception>
    public static IReadOnlyList<PredictionInput> FromPath(
        string path,
        string? speaker = null,
        Action<string>? notice = null
    )
    {
        if (!Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase))
            return Directory.Exists(path) ? PredictionInput.FromFolder(path, speaker, notice) : [new(path, speaker)];
        return
        [
            .. Manifest
                .Read(path)
                .Select(clip => new PredictionInput(
                    clip.Path,
                    clip.Speaker ?? speaker,
                    clip.StartSeconds,
                    clip.EndSeconds
                )
                {
                    Channel = clip.Channel,
                }),
        ];
    }
}
