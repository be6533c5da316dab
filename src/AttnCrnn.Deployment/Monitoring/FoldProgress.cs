namespace AttnCrnn.Deployment.Monitoring;

/// <summary>The state of one fold's training, or of a run's without folds, from the events so far.</summary>
public sealed class FoldProgress
{
    private readonly SortedDictionary<int, EpochProgress> epochs = [];

    /// <param name="fold">From 1; null without folds.</param>
    /// <param name="seed">null for a run of one seed.</param>
    internal FoldProgress(int? fold, RunSeed? seed)
    {
        Fold = fold;
        Seed = seed;
    }

    /// <summary>null for a run of one seed.</summary>
    public RunSeed? Seed { get; }

    /// <summary>From 1; null without folds.</summary>
    public int? Fold { get; }

    /// <summary>The number of folds of the run; null without folds.</summary>
    public int? FoldCount { get; private set; }

    /// <summary>The epochs that have ended, in ascending order.</summary>
    public IReadOnlyCollection<EpochProgress> Epochs => epochs.Values;

    /// <summary>The last epoch that has ended; null: none has.</summary>
    public EpochProgress? LatestEpoch { get; private set; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? LatestEpochTime { get; private set; }

    /// <summary>The best epoch so far; null before the end of the first.</summary>
    public EpochProgress? BestEpoch { get; private set; }

    /// <summary>The last recorded step of an epoch that has not ended; null: none was recorded.</summary>
    public StepProgress? CurrentStep { get; private set; }

    /// <summary>Last and best epoch of a training that early stopping ended; null: it did not.</summary>
    public (int Epoch, int BestEpoch)? EarlyStop { get; private set; }

    /// <summary>The error that ended the training; null: none, or it was resumed since.</summary>
    public string? Error { get; private set; }

    /// <summary>Whether the training is running, as far as the events tell.</summary>
    public bool IsActive { get; private set; }

    /// <summary>Whether the training has ended and its models are written.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Completed fraction of the epochs, from 0 to 1; 1 after early stopping.</summary>
    public double Fraction =>
        HasEnded ? 1
        : CurrentStep is { } step ? (step.Epoch - 1 + ((double)step.Step / step.Steps)) / step.Epochs
        : LatestEpoch is { } epoch ? (double)epoch.Epoch / epoch.Epochs
        : 0;

    /// <summary>Time of the last event.</summary>
    public DateTimeOffset? LastTime { get; private set; }

    /// <summary>
    /// Upper bound of the time from <see cref="LastTime"/> to the end of the last fold of the process.
    /// </summary>
    public TimeSpan? TimeRemaining { get; private set; }

    internal void Add(ProgressEvent added)
    {
        LastTime = added.Time ?? LastTime;
        FoldCount = added.Folds ?? FoldCount;
        HasEnded = added.Kind == ProgressEventKind.End;
        IsActive =
            added.Kind is not (ProgressEventKind.End or ProgressEventKind.Error or ProgressEventKind.Interrupted);
        if (added.GetDouble("remaining_seconds") is { } seconds and >= 0 and < 1e9)
            TimeRemaining = TimeSpan.FromSeconds(seconds);
        switch (added.Kind)
        {
            case ProgressEventKind.Start:
                Error = null;
                CurrentStep = null;
                TimeRemaining = null;
                break;
            case ProgressEventKind.Step:
                CurrentStep = StepProgress.Create(added) ?? CurrentStep;
                break;
            case ProgressEventKind.Epoch:
                AddEpoch(added);
                break;
            case ProgressEventKind.EarlyStop:
                EarlyStop =
                    added is { Epoch: { } epoch } && added.GetInt32("best_epoch") is { } best
                        ? (epoch, best)
                        : EarlyStop;
                break;
            case ProgressEventKind.Error:
                Error = added.GetString("message") ?? "unknown error";
                break;
        }
    }

    // A resumed training may repeat epochs, with the same metrics.
    private void AddEpoch(ProgressEvent added)
    {
        if (added is not { Epoch: { } number, Epochs: { } maxEpochs and > 0 })
            return;
        CurrentStep = null;
        EarlyStop = null; // it follows its epoch
        double GetMetric(string key) => added.GetDouble(key) ?? double.NaN;
        LatestEpoch = epochs[number] = new()
        {
            Seed = added.Seed,
            Fold = added.Fold,
            Folds = added.Folds,
            Epoch = number,
            Epochs = maxEpochs,
            Loss = GetMetric("loss"),
            Accuracy = GetMetric("accuracy"),
            ValLoss = GetMetric("val_loss"),
            ValAccuracy = GetMetric("val_accuracy"),
            ValUar = GetMetric("val_uar"),
            LearningRate = GetMetric("learning_rate"),
            Seconds = GetMetric("seconds"),
            TimeRemaining = added.GetDouble("remaining_seconds") is null ? null : TimeRemaining,
            IsBest = added.IsTrue("best"),
        };
        LatestEpochTime = added.Time;
        if (LatestEpoch.IsBest)
            BestEpoch = LatestEpoch;
    }
}
