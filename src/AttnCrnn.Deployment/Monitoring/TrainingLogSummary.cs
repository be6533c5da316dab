using System.Globalization;

namespace AttnCrnn.Deployment.Monitoring;

/// <summary>What a log's lines mean together: which rate an epoch learnt with, which was the best so far.</summary>
public sealed class TrainingLogSummary
{
    private EpochLine? last;

    /// <summary>What is to be said behind a line of the log, beside the line itself.</summary>
    /// <param name="epoch">The line, where it tells of an epoch.</param>
    public IEnumerable<string> Update(EpochLine epoch)
    {
        var before = last is { } earlier && earlier.Fold == epoch.Fold && earlier.Epoch < epoch.Epoch ? earlier : null;
        last = epoch;
        if (before is not null && before.LearningRate != epoch.LearningRate)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"learning rate {before.LearningRate:0.######} to {epoch.LearningRate:0.######} with epoch {epoch.Epoch}"
            );
        if (epoch.IsBest)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"best so far: epoch {epoch.Epoch}, val_accuracy {epoch.ValAccuracy:0.0000}, UAR {epoch.ValUar:0.0000}"
            );
    }
}
