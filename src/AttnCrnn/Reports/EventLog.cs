using AttnCrnn.Training;

namespace AttnCrnn.Reports;

/// <summary>The curves of a training as Keras' TensorBoard callback names them: epoch_loss and epoch_accuracy under train/ and validation/, epoch_learning_rate under train/; and our epoch_uar.</summary>
public sealed class EventLog(string folder, TimeProvider clock) : IDisposable
{
    private readonly EventFile train = new(Path.Combine(folder, "train"), clock);
    private readonly EventFile validation = new(Path.Combine(folder, "validation"), clock);

    /// <summary>Adds an epoch.</summary>
    public void Add(EpochFigures of)
    {
        train.Scalar("epoch_loss", of.Epoch - 1, of.Loss);
        train.Scalar("epoch_accuracy", of.Epoch - 1, of.Accuracy);
        train.Scalar("epoch_learning_rate", of.Epoch - 1, of.LearningRate);
        validation.Scalar("epoch_loss", of.Epoch - 1, of.ValLoss);
        validation.Scalar("epoch_accuracy", of.Epoch - 1, of.ValAccuracy);
        validation.Scalar("epoch_uar", of.Epoch - 1, of.ValUar);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        train.Dispose();
        validation.Dispose();
    }
}
