using AttnCrnn.Training.Callbacks;

namespace AttnCrnn.Training.Checkpoints;

/// <summary>What a run needs beside the parameters to be resumed: counters, schedules, history.</summary>
internal sealed record CheckpointState
{
    /// <summary>The format that <see cref="Checkpoint"/> writes.</summary>
    public const int CurrentVersion = 2;

    /// <summary>The format of the file; 1 was written until 0.1.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The version that the run began with, whose defaults it keeps.</summary>
    public int FirstVersion { get; init; } = CurrentVersion;

    /// <summary>Epochs that are finished.</summary>
    public required int Epochs { get; init; }

    /// <summary>Steps of Adam that are finished.</summary>
    public required long Step { get; init; }

    /// <summary>How far the current epoch is.</summary>
    public required EpochPart Part { get; init; }

    public required float LearningRate { get; init; }

    public required EarlyStoppingState Stopping { get; init; }

    public required PlateauState Plateau { get; init; }

    /// <summary>Whether the final model was written.</summary>
    public required bool Finished { get; init; }

    public required bool StoppedEarly { get; init; }

    /// <summary>Of the options and clips: a run is resumed only with those that it began with.</summary>
    public required string Fingerprint { get; init; }

    public required IReadOnlyList<EpochMetrics> History { get; init; }
}

/// <summary>What an epoch has come to so far.</summary>
/// <param name="Steps">Steps that are finished in it.</param>
/// <param name="Loss">Sum over its clips.</param>
/// <param name="Correct">Clips that were predicted correctly.</param>
/// <param name="Clips">Clips so far.</param>
internal readonly record struct EpochPart(int Steps, double Loss, int Correct, int Clips);

/// <summary>The state of <see cref="EarlyStopping"/>.</summary>
/// <param name="Best">The best value of the monitored metric.</param>
/// <param name="BestEpoch">The first epoch with that value, from 0.</param>
/// <param name="Wait">Epochs since.</param>
public readonly record struct EarlyStoppingState(double Best, int BestEpoch, int Wait);

/// <summary>The state of <see cref="ReduceOnPlateau"/>.</summary>
/// <param name="Best">The lowest val_loss.</param>
/// <param name="Wait">Epochs since.</param>
public readonly record struct PlateauState(double Best, int Wait);
