namespace AttnCrnn.Training;

/// <summary>Metrics of one epoch.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="Loss">Mean over the training set, with mixed targets, class weights and dropout.</param>
/// <param name="Accuracy">Training accuracy, against the label of larger weight in each mixed target.</param>
/// <param name="ValLoss">Validation loss, unweighted, without dropout or noise.</param>
/// <param name="LearningRate">Learning rate of the epoch's last step.</param>
public sealed record EpochMetrics(
    int Epoch,
    double Loss,
    double Accuracy,
    double ValLoss,
    double ValAccuracy,
    double ValUar,
    double LearningRate,
    double Seconds
)
{
    /// <summary>Validation recall of each class; null for an epoch of a version that did not record it.</summary>
    public ClassRecalls? ValRecalls { get; init; }
}

/// <summary>Progress of a training run: after each step, and once more after each epoch.</summary>
public sealed record TrainingProgress
{
    /// <summary>The current epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Maximum number of epochs.</summary>
    public required int Epochs { get; init; }

    /// <summary>Completed steps of this epoch.</summary>
    public required int Step { get; init; }

    /// <summary>Steps per epoch.</summary>
    public required int Steps { get; init; }

    /// <summary>Clips of the training set, without augmented copies.</summary>
    public required int Clips { get; init; }

    /// <summary>Augmented copies of each clip per epoch.</summary>
    public required int Copies { get; init; }

    /// <summary>Mean training loss of the epoch's completed steps.</summary>
    public required double Loss { get; init; }

    /// <summary>Metrics of the epoch that has just ended; null within an epoch.</summary>
    public EpochMetrics? LastEpoch { get; init; }

    /// <summary>Whether the epoch that has just ended is the best so far.</summary>
    public bool IsBest { get; init; }

    /// <summary>Whether early stopping ends the training after this epoch.</summary>
    public bool StopsEarly { get; init; }

    /// <summary>Metric that selects the best epoch: <c>val_accuracy</c> or <c>val_uar</c>.</summary>
    public required string Monitor { get; init; }

    /// <summary>Best value of the monitored metric so far; null before the end of the first epoch.</summary>
    public double? Best { get; init; }

    /// <summary>Best epoch so far, from 1; null before the end of the first epoch.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>
    /// Learning rate of the last step; after an epoch, the one to which <see cref="LearningRateSchedule.Plateau"/> has
    /// reduced it.
    /// </summary>
    public required double LearningRate { get; init; }

    /// <summary>Time since this process started training.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Training clips per second of elapsed time; each augmented copy of a clip counts.</summary>
    public required double ClipsPerSecond { get; init; }

    /// <summary>Mean time per epoch in this process, including validation.</summary>
    public required TimeSpan TimePerEpoch { get; init; }

    /// <summary>Estimated time for all remaining epochs, without early stopping.</summary>
    public required TimeSpan Remaining { get; init; }

    /// <summary>
    /// Estimated time for all remaining epochs and for further trainings of the same size, without early stopping.
    /// </summary>
    /// <param name="furtherTrainings">For example the number of folds that follow.</param>
    public TimeSpan EstimateRemaining(int furtherTrainings) => Remaining + (furtherTrainings * Epochs * TimePerEpoch);
}

/// <summary>Result of a training run.</summary>
/// <param name="BestEpoch">Counted from 1.</param>
/// <param name="StoppedEarly">Whether early stopping ended the training.</param>
public sealed record TrainingOutcome(
    string BestPath,
    string FinalPath,
    IReadOnlyList<EpochMetrics> History,
    int BestEpoch,
    bool StoppedEarly
);

/// <summary>Training failed; the message gives the cause and the remedy.</summary>
public sealed class TrainingException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="text">The cause and the remedy.</param>
    /// <param name="inner">The exception that caused it.</param>
    public TrainingException(OptionText text, Exception? inner = null)
        : base(text?.ToString(), inner) => Text = text!;

    /// <summary>The message, with the options that it names.</summary>
    public OptionText Text { get; }

    /// <summary>
    /// Whether the training can be resumed from its last checkpoint once the remedy has been applied; otherwise it
    /// would fail again in the same step.
    /// </summary>
    public bool CanResume { get; init; }
}
