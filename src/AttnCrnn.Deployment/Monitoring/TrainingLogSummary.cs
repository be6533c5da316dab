using System.Globalization;

namespace AttnCrnn.Deployment.Monitoring;

/// <summary>Derives messages from consecutive epochs: learning rate changes and the best epoch so far.</summary>
public sealed class TrainingLogSummary
{
    private EpochLine? lastEpoch;

    /// <summary>Adds an epoch.</summary>
    /// <returns>Messages to display after the epoch's line.</returns>
    public IEnumerable<string> Update(EpochLine epoch)
    {
        var previous = lastEpoch?.Fold == epoch.Fold && lastEpoch?.Epoch < epoch.Epoch ? lastEpoch : null;
        lastEpoch = epoch;
        if (previous is not null && previous.LearningRate != epoch.LearningRate)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"learning rate {previous.LearningRate:0.######} to {epoch.LearningRate:0.######} "
                    + $"from epoch {epoch.Epoch}"
            );
        if (epoch.IsBest)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"best so far: epoch {epoch.Epoch}, val_accuracy {epoch.ValAccuracy:0.0000}, UAR {epoch.ValUar:0.0000}"
            );
    }
}
