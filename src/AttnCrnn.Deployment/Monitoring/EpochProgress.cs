namespace AttnCrnn.Deployment.Monitoring;

/// <summary>An epoch of a run that has ended.</summary>
public sealed record EpochProgress
{
    /// <summary>null for a run of one seed.</summary>
    public RunSeed? Seed { get; init; }

    /// <summary>From 1; null without cross-validation.</summary>
    public required int? Fold { get; init; }

    /// <summary>The number of folds; null without cross-validation.</summary>
    public required int? Folds { get; init; }

    /// <summary>From 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The maximum number of epochs.</summary>
    public required int Epochs { get; init; }

    /// <summary>Mean training loss; NaN if it was not finite.</summary>
    public required double Loss { get; init; }

    /// <summary>Training accuracy, 0 to 1.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Validation loss; NaN if it was not finite.</summary>
    public required double ValLoss { get; init; }

    /// <summary>Validation accuracy, 0 to 1.</summary>
    public required double ValAccuracy { get; init; }

    /// <summary>Unweighted average recall on the validation set, 0 to 1.</summary>
    public required double ValUar { get; init; }

    /// <summary>The learning rate of the epoch.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Duration of the epoch.</summary>
    public required double Seconds { get; init; }

    /// <summary>
    /// Upper bound of the time until the last fold ends, or in a run of version 0.1 this fold; null if it is unknown.
    /// </summary>
    public required TimeSpan? TimeRemaining { get; init; }

    /// <summary>Whether the epoch is the best so far.</summary>
    public required bool IsBest { get; init; }
}
