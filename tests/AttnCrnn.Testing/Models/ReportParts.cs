using AttnCrnn.Evaluation;
using AttnCrnn.Reports.Explanations;

namespace AttnCrnn.Testing.Models;

/// <summary>What a report has only of a trained run, without a training.</summary>
internal static class ReportParts
{
    /// <summary>The metrics of two of three seeds.</summary>
    public static RepeatedMetrics Repeats { get; } =
        new([new(42, 0.5, 0.625, 0.375), new(43, 0.25, 0.5, 0.125)], Requested: 3);

    /// <summary>How well a model fits its training set.</summary>
    /// <param name="fold">Counted from 1; null without folds.</param>
    public static TrainingFit CreateFit(int? fold = null) =>
        new()
        {
            Fold = fold,
            Monitor = "val_uar",
            BestEpoch = 2,
            Best = 0.5,
            Epochs = 3,
            StoppedEarly = true,
            StepsPerEpoch = 10,
            NearBestEpoch = 1,
            TrainingClips = 500,
            Train = new(100, 0.5, 0.75, 0.75),
            Validation = new(90, 1, 0.5, 0.625),
        };

    /// <summary>The explanation of the second clip of an evaluation; another one has no recording.</summary>
    public static ClipExplanations CreateExplanations(ClipPrediction clip) =>
        new(
            [
                new(
                    Row: 2,
                    "confident error",
                    clip.Truth,
                    clip.Predicted,
                    Confidence: 0.5,
                    Seconds: 1,
                    new([0.25, 0.75], StepSeconds: 0.5),
                    [0.125, -0.5],
                    RunBuilder.Png
                ),
            ],
            new(Missing: 1),
            missingReason: null
        );
}
