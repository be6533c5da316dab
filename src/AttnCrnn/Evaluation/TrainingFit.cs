namespace AttnCrnn.Evaluation;

/// <summary>Metrics of a set of clips, of a pass without dropout, noise and MixUp.</summary>
/// <param name="Clips">Number of clips.</param>
/// <param name="LogLoss">Mean cross-entropy in nats, of calibrated probabilities.</param>
/// <param name="Accuracy">Fraction of correctly predicted clips, 0..1.</param>
/// <param name="Uar">Mean recall over the classes that have clips, 0..1.</param>
public readonly record struct SetMetrics(int Clips, double LogLoss, double Accuracy, double Uar);

/// <summary>
/// Whether a model was trained enough, or too much: the chosen epoch, and its metrics on clips that it was trained on
/// and on the validation set.
/// </summary>
public sealed record TrainingFit
{
    /// <summary>Counted from 1; null without folds.</summary>
    public int? Fold { get; init; }

    /// <summary>Metric that selected the epoch on the validation set: <c>val_accuracy</c> or <c>val_uar</c>.</summary>
    public required string Monitor { get; init; }

    /// <summary>The first epoch with the highest value of <see cref="Monitor"/>, counted from 1.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>The highest value of <see cref="Monitor"/>.</summary>
    public required double Best { get; init; }

    /// <summary>Number of epochs that were trained.</summary>
    public required int Epochs { get; init; }

    /// <summary>Whether early stopping ended the training before its last epoch.</summary>
    public required bool StoppedEarly { get; init; }

    /// <summary>Number of optimizer steps per epoch.</summary>
    public required int StepsPerEpoch { get; init; }

    /// <summary>
    /// The first epoch whose <see cref="Monitor"/> was at least 95% of <see cref="Best"/>, counted from 1.
    /// </summary>
    public required int NearBestEpoch { get; init; }

    /// <summary>Optimizer steps at the end of <see cref="NearBestEpoch"/>: it is measured once per epoch.</summary>
    public int NearBestStep => NearBestEpoch * StepsPerEpoch;

    /// <summary>Number of clips of the training set, of which <see cref="Train"/> is a sample.</summary>
    public required int TrainingClips { get; init; }

    /// <summary>Metrics of a random sample of the training set.</summary>
    public required SetMetrics Train { get; init; }

    /// <summary>Metrics of the validation set.</summary>
    public required SetMetrics Validation { get; init; }

    /// <summary>UAR on the sample of the training set minus UAR on the validation set.</summary>
    public double UarGap => Train.Uar - Validation.Uar;

    /// <summary>Accuracy on the sample of the training set minus accuracy on the validation set.</summary>
    public double AccuracyGap => Train.Accuracy - Validation.Accuracy;

    /// <summary>Log loss on the validation set minus log loss on the sample of the training set.</summary>
    public double LogLossGap => Validation.LogLoss - Train.LogLoss;

    /// <summary>Whether the chosen epoch is the last one, so that more epochs might be better.</summary>
    public bool BestIsLast => BestEpoch == Epochs;

    /// <summary>Mean and standard deviation over the folds.</summary>
    /// <param name="fits">At least one.</param>
    /// <param name="value">A value of a fold.</param>
    public static MeanAndStd ComputeMeanAndStd(IReadOnlyList<TrainingFit> fits, Func<TrainingFit, double> value)
    {
        ArgumentNullException.ThrowIfNull(fits);
        return MeanAndStd.Compute(fits.Select(value));
    }
}
