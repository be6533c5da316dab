using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Manifests;
using AttnCrnn.Prediction.Recordings;

namespace AttnCrnn.Prediction;

/// <summary>Inputs of predictions from files, folders and manifests.</summary>
public static class PredictionInputs
{
    /// <summary>The inputs of a path: the file, the files of a folder, or the clips of a manifest.</summary>
    /// <param name="speaker">Speaker of the clips for which a manifest has no speaker; null: unknown.</param>
    /// <param name="notice">Receives what is left out of a folder, and what is decided about a manifest.</param>
    /// <exception cref="InvalidInputException">
    /// The folder has no recordings, or the manifest is invalid or missing.
    /// </exception>
    public static IReadOnlyList<PredictionInput> FromPath(
        string path,
        string? speaker = null,
        Action<string>? notice = null
    )
    {
        if (!ManifestFile.Matches(path))
            return Directory.Exists(path) ? PredictionInput.FromFolder(path, speaker, notice) : [new(path, speaker)];
        List<string> notices = [];
        Clip[] clips = [.. ManifestReader.ReadRows(path, notices).Select(row => row.Clip)];
        PredictionInput[] inputs =
        [
            .. ClipNames
                .Unify(clips, notices)
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
        notices.ForEach(text => notice?.Invoke(text));
        return inputs;
    }
}
