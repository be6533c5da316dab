using AttnCrnn.Corpora.Splits;

namespace AttnCrnn.Corpora;

/// <summary>One recording, or one stretch of it, with what is known about it before it is heard.</summary>
/// <param name="Path">The audio file, absolute.</param>
/// <param name="Label">The emotion as the corpus calls it, or null: the clip can be extracted and predicted, not trained on.</param>
/// <param name="Speaker">
/// Who speaks, unique over corpora (<c>ravdess_01</c>), or null where nobody said. Splits keep the clips of one speaker together.
/// </param>
/// <param name="Split">The side that a manifest puts the clip on, or null.</param>
/// <param name="StartSeconds">Where the stretch begins, or null: at the file's beginning.</param>
/// <param name="EndSeconds">Where the stretch ends, or null: at the file's end.</param>
public sealed record Clip(
    string Path,
    string? Label,
    string? Speaker,
    Subset? Split = null,
    double? StartSeconds = null,
    double? EndSeconds = null
);
