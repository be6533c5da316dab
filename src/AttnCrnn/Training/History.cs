namespace AttnCrnn.Training;

/// <summary>Metrics of one epoch.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="Loss">Mean over the training set, with mixed targets, class weights and dropout.</param>
/// <param name="Accuracy">Training accuracy, against the label of larger weight in each mixed target.</param>
/// <param name="ValLoss">Validation loss, unweighted, without dropout or noise.</param>
/// <param name="LearningRate">Learning rate of the epoch.</param>
public sealed record EpochMetrics(
    int Epoch,
    double Loss,
    double Accuracy,
    double ValLoss,
    double ValAccuracy,
    double ValUar,
    double LearningRate,
    double Seconds
);

/// <summary>Progress of a training run.</summary>
/// <param name="Step">Completed steps of this epoch.</param>
/// <param name="LastEpoch">Metrics of the epoch that has just ended; null within an epoch.</param>
/// <param name="Best">Best value of the monitored metric so far; null before the end of the first epoch.</param>
/// <param name="Elapsed">Time since this process started training.</param>
/// <param name="ClipsPerSecond">Training clips per second of elapsed time.</param>
/// <param name="Remaining">Estimated time for all remaining epochs, without early stopping.</param>
public sealed record TrainingProgress(
    int Epoch,
    int Epochs,
    int Step,
    int Steps,
    double Loss,
    EpochMetrics? LastEpoch,
    bool IsBest,
    double? Best,
    TimeSpan Elapsed,
    double ClipsPerSecond,
    TimeSpan Remaining
);

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
public sealed class TrainingException(string message, Exception? inner = null) : Exception(message, inner);
