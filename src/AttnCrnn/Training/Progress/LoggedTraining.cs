namespace AttnCrnn.Training.Progress;

/// <summary>The training whose events a <see cref="ProgressLog"/> records.</summary>
public sealed record LoggedTraining
{
    /// <summary>Name of the run.</summary>
    public required string Run { get; init; }

    /// <summary>Maximum number of epochs.</summary>
    public required int Epochs { get; init; }

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>The fold, from 1; null without folds.</summary>
    public int? Fold { get; init; }

    /// <summary>Number of folds of the run; null without folds.</summary>
    public int? Folds { get; init; }

    /// <summary>
    /// Number of folds that the same process trains after this one: their time is part of the estimate.
    /// </summary>
    public int FurtherFolds { get; init; }
}
