namespace AttnCrnn.Evaluation;

/// <summary>What a model said of one clip, and what was true.</summary>
/// <param name="Path">The clip's file.</param>
/// <param name="Speaker">Who speaks, or null where that is not known.</param>
/// <param name="Truth">The clip's label.</param>
/// <param name="Predicted">The label of the highest probability.</param>
/// <param name="Probabilities">[classes], in the order of the evaluation's labels.</param>
/// <param name="Fold">The fold whose model predicted, counted from 1, or null without folds.</param>
/// <param name="StartSeconds">Where in the file the clip begins, or null for its beginning.</param>
/// <param name="EndSeconds">Where in the file the clip ends, or null for its end.</param>
public sealed record ClipPrediction(
    string Path,
    string? Speaker,
    string Truth,
    string Predicted,
    double[] Probabilities,
    int? Fold,
    double? StartSeconds,
    double? EndSeconds
)
{
    /// <summary>What makes this clip the same clip in another run.</summary>
    public ClipKey Key => new(Path, StartSeconds, EndSeconds);
}

/// <summary>A stretch of a file: two predictions with equal keys are of the same clip.</summary>
public readonly record struct ClipKey(string Path, double? StartSeconds, double? EndSeconds)
{
    /// <summary>The path, with the stretch where there is one: <c>a.wav [1.5 s to 3 s]</c>.</summary>
    public override string ToString() =>
        StartSeconds is null && EndSeconds is null
            ? Path
            : FormattableString.Invariant($"{Path} [{StartSeconds ?? 0:R} s to {EndSeconds:R} s]");
}
