using AttnCrnn.Corpora.Splits;

namespace AttnCrnn.Features;

/// <summary>A clip whose frames are there to be read.</summary>
/// <param name="Key">
/// The hash of its samples and of what made its frames, 64 hexadecimal digits: clips of one key have the same frames. For frames that
/// others saved, a hash of the file's path.
/// </param>
/// <param name="Path">The recording, absolute, as it was when the frames were made; for frames that others saved, their file.</param>
/// <param name="Label">As the corpus calls it, before any <c>--map</c>; null where nobody said.</param>
/// <param name="Speaker">Null where nobody said.</param>
/// <param name="Split">The side that a manifest put it on.</param>
/// <param name="StartSeconds">Where the stretch begins in the recording; null: at its beginning.</param>
/// <param name="EndSeconds">Where it ends; null: at the recording's end.</param>
/// <param name="Frames">At least 4.</param>
/// <param name="Seconds">How long the stretch is; 0 where the frames have no known rate.</param>
/// <param name="File">The file that holds the frames: a shard, or one clip's .npz.</param>
public sealed record StoredClip(
    string Key,
    string Path,
    string? Label,
    string? Speaker,
    Subset? Split,
    double? StartSeconds,
    double? EndSeconds,
    int Frames,
    double Seconds,
    string File
);
