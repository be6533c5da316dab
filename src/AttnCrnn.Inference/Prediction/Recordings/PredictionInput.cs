using AttnCrnn.Audio;
using AttnCrnn.IO;

namespace AttnCrnn.Prediction.Recordings;

/// <summary>An input of a prediction: a recording, a segment of one, or an .npz of frames.</summary>
/// <param name="Path">The file; absolute if it comes from a manifest. With <see cref="Content"/>, a name.</param>
/// <param name="Speaker">The speaker of the recording; null: unknown.</param>
/// <param name="StartSeconds">Start of the segment; null for the start of the recording.</param>
/// <param name="EndSeconds">End of the segment; null for the end of the recording.</param>
public sealed record PredictionInput(
    string Path,
    string? Speaker = null,
    double? StartSeconds = null,
    double? EndSeconds = null
)
{
    /// <summary>
    /// The bytes of a recording that is not a file, as <see cref="AudioReader"/> would read them; null: they are read
    /// from <see cref="Path"/>.
    /// </summary>
    public ReadOnlyMemory<byte>? Content { get; init; }

    /// <summary>The channel of the recording; null: <see cref="EmotionPredictorOptions.Channel"/>.</summary>
    public AudioChannel? Channel { get; init; }

    /// <summary>Whether it is a file of frames instead of a recording.</summary>
    internal bool IsFrames => Content is null && HasFramesExtension(Path);

    /// <summary>The recordings and .npz files in a folder and its subfolders, in the order of their paths.</summary>
    /// <param name="speaker">The speaker of all of them; null: unknown.</param>
    /// <param name="notice">Receives what is left out, in one line.</param>
    /// <exception cref="InvalidInputException">The folder has no recordings.</exception>
    public static IReadOnlyList<PredictionInput> FromFolder(
        string folder,
        string? speaker = null,
        Action<string>? notice = null
    )
    {
        var walk = FolderWalk.Create(folder);
        foreach (var text in walk.Notices)
            notice?.Invoke(text);
        var files = walk.Files.ToLookup(file => AudioReader.HasAudioExtension(file) || HasFramesExtension(file));
        var leftOut = LeftOutFiles.Describe(folder, files[false], countDocuments: true);
        if (!files[true].Any())
            throw new InvalidInputException(
                folder,
                "the folder has no recordings" + (leftOut is null ? "" : $"; {leftOut}")
            );
        if (leftOut is not null)
            notice?.Invoke(leftOut);
        return [.. files[true].Select(file => new PredictionInput(file, speaker))];
    }

    private static bool HasFramesExtension(string path) => path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase);
}
