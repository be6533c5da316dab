using AttnCrnn.Training;

namespace AttnCrnn.Reports.TensorBoard;

/// <summary>The curves of a training as Keras' TensorBoard callback names them: epoch_loss and epoch_accuracy under train/ and validation/, epoch_learning_rate under train/; and our epoch_uar.</summary>
public sealed class EventLog(string folder, TimeProvider clock) : IDisposable
{
    private readonly EventFile train = new(Path.Combine(folder, "train"), clock);
    private readonly EventFile validation = new(Path.Combine(folder, "validation"), clock);

    /// <summary>Adds an epoch.</summary>
    public void Add(EpochMetrics epochFigures)
    {
        train.Scalar("epoch_loss", epochFigures.Epoch - 1, epochFigures.Loss);
        train.Scalar("epoch_accuracy", epochFigures.Epoch - 1, epochFigures.Accuracy);
        train.Scalar("epoch_learning_rate", epochFigures.Epoch - 1, epochFigures.LearningRate);
        validation.Scalar("epoch_loss", epochFigures.Epoch - 1, epochFigures.ValLoss);
        validation.Scalar("epoch_accuracy", epochFigures.Epoch - 1, epochFigures.ValAccuracy);
        validation.Scalar("epoch_uar", epochFigures.Epoch - 1, epochFigures.ValUar);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        train.Dispose();
        validation.Dispose();
    }
}
