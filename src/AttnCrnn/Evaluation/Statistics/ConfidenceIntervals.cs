namespace AttnCrnn.Evaluation.Statistics;

/// <summary>A two-sided 95% confidence interval.</summary>
public readonly record struct ConfidenceInterval(double Low, double High);

/// <summary>95% confidence intervals of the pooled metrics; each null if it cannot be estimated.</summary>
/// <param name="Uar">Of the unweighted average recall.</param>
/// <param name="Accuracy">Of the accuracy.</param>
/// <param name="MacroF1">Of the macro F1.</param>
/// <param name="MacroAuc">Of the mean one-vs-rest area under the ROC curve.</param>
/// <param name="Unit">Unit of resampling.</param>
/// <param name="Units">Number of units.</param>
/// <param name="ClipsWithoutSpeaker">Units that are single clips, because their speaker is unknown.</param>
/// <param name="Resamples">Number of resamples; 0 without intervals.</param>
public sealed record ConfidenceIntervals(
    ConfidenceInterval? Uar,
    ConfidenceInterval? Accuracy,
    ConfidenceInterval? MacroF1,
    ConfidenceInterval? MacroAuc,
    ResamplingUnit Unit,
    int Units,
    int ClipsWithoutSpeaker,
    int Resamples
)
{
    /// <summary>
    /// With fewer speakers, the width of an interval is itself uncertain, and coverage depends on how the metric is
    /// distributed over the speakers.
    /// </summary>
    public const int FewSpeakers = 10;

    /// <summary>Of the mean one-vs-rest average precision.</summary>
    public ConfidenceInterval? MacroAveragePrecision { get; init; }

    /// <summary>Of the log loss, in nats.</summary>
    public ConfidenceInterval? LogLoss { get; init; }

    /// <summary>Of the Brier score, 0 to 2.</summary>
    public ConfidenceInterval? Brier { get; init; }

    /// <summary>Of the expected calibration error.</summary>
    public ConfidenceInterval? Ece { get; init; }

    /// <summary>
    /// With clips of fewer speakers, a class's recall varies too little over the resamples, and so does UAR.
    /// </summary>
    public const int FewClassSpeakers = 5;

    /// <summary>Classes whose clips are of fewer than <see cref="FewClassSpeakers"/> speakers.</summary>
    public IReadOnlyList<string> SparseClasses { get; init; } = [];

    /// <summary>[classes], intervals of each class's metrics; empty without intervals.</summary>
    public IReadOnlyList<ClassIntervals> PerClass { get; init; } = [];

    /// <summary>The sentence about intervals that are read back; null for those of this process.</summary>
    internal string? Description { get; init; }

    /// <summary>Number of known speakers.</summary>
    public int Speakers => Units - ClipsWithoutSpeaker;

    /// <summary>Finds <see cref="SparseClasses"/>; none if no speaker is known.</summary>
    /// <param name="resamples">Of the predictions.</param>
    internal static IReadOnlyList<string> FindSparseClasses(
        IReadOnlyList<string> labels,
        IReadOnlyList<ClipPrediction> predictions,
        SpeakerResamples resamples
    )
    {
        if (resamples.Unit == ResamplingUnit.Clip)
            return [];
        var units = predictions.Zip(resamples.UnitOfClip).ToLookup(clip => clip.First.Truth, clip => clip.Second);
        return [.. labels.Where(label => units[label].Distinct().Count() is > 0 and < FewClassSpeakers)];
    }

    /// <summary>Whether there are intervals over fewer than <see cref="FewSpeakers"/> speakers.</summary>
    public bool HasFewSpeakers => Resamples > 0 && Unit == ResamplingUnit.Speaker && Speakers < FewSpeakers;
}

/// <summary>95% confidence intervals of a class's metrics; each null if it cannot be estimated.</summary>
/// <param name="Recall">Of the recall.</param>
/// <param name="Precision">Of the precision.</param>
/// <param name="F1">Of the F1.</param>
public readonly record struct ClassIntervals(
    ConfidenceInterval? Recall,
    ConfidenceInterval? Precision,
    ConfidenceInterval? F1
)
{
    /// <summary>Of the area under the ROC curve.</summary>
    public ConfidenceInterval? Auc { get; init; }

    /// <summary>Of the average precision.</summary>
    public ConfidenceInterval? AveragePrecision { get; init; }
}

/// <summary>What the bootstrap resamples.</summary>
public enum ResamplingUnit
{
    /// <summary>Speakers.</summary>
    Speaker,

    /// <summary>Clips, because no speaker is known.</summary>
    Clip,
}
