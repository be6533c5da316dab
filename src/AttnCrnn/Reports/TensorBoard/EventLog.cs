using AttnCrnn.Training;

namespace AttnCrnn.Reports.TensorBoard;

/// <summary>
/// Logs training curves for TensorBoard, named as by Keras' callback: epoch_loss and epoch_accuracy under train/ and
/// validation/, epoch_learning_rate under train/, and in addition epoch_uar.
/// </summary>
public sealed class EventLog(string folder, TimeProvider clock) : IDisposable
{
    private readonly EventFile train = new(Path.Combine(folder, "train"), clock);
    private readonly EventFile validation = new(Path.Combine(folder, "validation"), clock);

    /// <summary>Logs an epoch.</summary>
    public void Add(EpochMetrics epoch)
    {
        train.WriteScalar("epoch_loss", epoch.Epoch - 1, epoch.Loss);
        train.WriteScalar("epoch_accuracy", epoch.Epoch - 1, epoch.Accuracy);
        train.WriteScalar("epoch_learning_rate", epoch.Epoch - 1, epoch.LearningRate);
        validation.WriteScalar("epoch_loss", epoch.Epoch - 1, epoch.ValLoss);
        validation.WriteScalar("epoch_accuracy", epoch.Epoch - 1, epoch.ValAccuracy);
        validation.WriteScalar("epoch_uar", epoch.Epoch - 1, epoch.ValUar);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        train.Dispose();
        validation.Dispose();
    }
}
