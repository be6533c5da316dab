using AttnCrnn.Training.Callbacks;

namespace AttnCrnn.Training.Checkpoints;

/// <summary>State for resuming a run, besides the parameters: counters, schedules, history.</summary>
internal sealed record CheckpointState
{
    /// <summary>Format version that <see cref="Checkpoint"/> writes.</summary>
    public const int CurrentVersion = 2;

    /// <summary>Format version of the file; version 1 was written up to release 0.1.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>Version of the run's first checkpoint, whose defaults the run keeps.</summary>
    public int FirstVersion { get; init; } = CurrentVersion;

    /// <summary>Completed epochs.</summary>
    public required int Epochs { get; init; }

    /// <summary>Completed optimizer steps.</summary>
    public required long Step { get; init; }

    /// <summary>Progress within the current epoch.</summary>
    public required PartialEpoch PartialEpoch { get; init; }

    public required float LearningRate { get; init; }

    public required EarlyStoppingState Stopping { get; init; }

    public required PlateauState Plateau { get; init; }

    /// <summary>Whether the final model was written.</summary>
    public required bool Finished { get; init; }

    public required bool StoppedEarly { get; init; }

    /// <summary>Fingerprint of options and clips; a run is resumed only if it is unchanged.</summary>
    public required string Fingerprint { get; init; }

    public required IReadOnlyList<EpochMetrics> History { get; init; }
}

/// <summary>Sums over the current epoch so far.</summary>
/// <param name="Steps">Completed steps of the epoch.</param>
/// <param name="Loss">Sum of the loss over its clips.</param>
/// <param name="Correct">Clips that were predicted correctly.</param>
/// <param name="Clips">Clips so far.</param>
internal readonly record struct PartialEpoch(int Steps, double Loss, int Correct, int Clips);

/// <summary>The state of <see cref="EarlyStopping"/>.</summary>
/// <param name="Best">Best value of the monitored metric.</param>
/// <param name="BestEpoch">First epoch with that value, counted from 0.</param>
/// <param name="Wait">Epochs since that epoch.</param>
public readonly record struct EarlyStoppingState(double Best, int BestEpoch, int Wait);

/// <summary>The state of <see cref="ReduceOnPlateau"/>.</summary>
/// <param name="Best">Lowest val_loss.</param>
/// <param name="Wait">Epochs since the lowest val_loss or the last reduction.</param>
public readonly record struct PlateauState(double Best, int Wait);
