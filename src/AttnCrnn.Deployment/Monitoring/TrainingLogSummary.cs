using System.Globalization;

namespace AttnCrnn.Deployment.Monitoring;

/// <summary>
/// Derives messages from consecutive epochs of a text log: learning rate changes and the best epoch so far.
/// </summary>
public sealed class TrainingLogSummary
{
    private EpochProgress? lastEpoch;

    /// <summary>Adds an epoch.</summary>
    /// <returns>Messages to display after the epoch's line.</returns>
    public IEnumerable<string> Update(EpochProgress epoch)
    {
        var previous = lastEpoch?.Fold == epoch.Fold && lastEpoch?.Epoch < epoch.Epoch ? lastEpoch : null;
        lastEpoch = epoch;
        if (previous is not null && previous.LearningRate != epoch.LearningRate)
            yield return FormatLearningRate(previous.LearningRate, epoch.LearningRate, epoch.Epoch);
        if (epoch.IsBest)
            yield return FormatBest(epoch);
    }

    /// <summary>The message that an epoch is the best so far.</summary>
    public static string FormatBest(EpochProgress epoch) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"best so far: epoch {epoch.Epoch}, val_accuracy {epoch.ValAccuracy:0.0000}, UAR {epoch.ValUar:0.0000}"
        );

    /// <summary>The message that the learning rate changed.</summary>
    /// <param name="epoch">The first epoch with the new rate.</param>
    public static string FormatLearningRate(double previous, double next, int epoch) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"learning rate {previous:0.######} to {next:0.######} from epoch {epoch}"
        );
}
