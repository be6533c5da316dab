using AttnCrnn.Runs;
using AttnCrnn.Training;

namespace AttnCrnn.Reports.Plots;

/// <summary>Metrics of a training run, by epoch.</summary>
/// <param name="Fold">Counted from 1, or null without folds.</param>
/// <param name="Metrics">
/// By name (loss, accuracy, val_loss, val_accuracy, val_uar, learning_rate), one value per epoch.
/// </param>
/// <param name="BestEpoch">Counted from 1; 0 if it is not known.</param>
public sealed record HistoryCurves(int? Fold, IReadOnlyDictionary<string, double[]> Metrics, int BestEpoch)
{
    /// <summary>
    /// [epochs][classes], recall on the validation set, NaN where it is not known; null if no epoch has it.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<double>>? ValRecalls { get; init; }

    /// <summary>Reads the history of a run, one per fold that has been trained for at least one epoch.</summary>
    /// <exception cref="InvalidFileException">A checkpoint is damaged.</exception>
    public static IReadOnlyList<HistoryCurves> Create(Experiment experiment, RunDirectory run) =>
        [.. experiment.FoldNumbers.SelectMany(fold => ReadFold(fold, run))];

    private static IEnumerable<HistoryCurves> ReadFold(int? fold, RunDirectory run)
    {
        if (Trainer.ReadHistory(run.GetResumeFolder(fold)) is not { } history || history.History.Count == 0)
            yield break;
        var epochs = history.History;
        yield return new(
            fold,
            new Dictionary<string, double[]>
            {
                ["loss"] = [.. epochs.Select(epoch => epoch.Loss)],
                ["accuracy"] = [.. epochs.Select(epoch => epoch.Accuracy)],
                ["val_loss"] = [.. epochs.Select(epoch => epoch.ValLoss)],
                ["val_accuracy"] = [.. epochs.Select(epoch => epoch.ValAccuracy)],
                ["val_uar"] = [.. epochs.Select(epoch => epoch.ValUar)],
                ["learning_rate"] = [.. epochs.Select(epoch => epoch.LearningRate)],
            },
            history.BestEpoch
        )
        {
            ValRecalls = ListRecalls(epochs),
        };
    }

    // Epochs before the run was resumed by a version that records them have none.
    private static double[][]? ListRecalls(IReadOnlyList<EpochMetrics> epochs) =>
        epochs.Select(epoch => epoch.ValRecalls?.Count).FirstOrDefault(count => count is not null) is { } classes
            ?
            [
                .. epochs.Select(epoch =>
                    epoch.ValRecalls is { } recalls ? recalls.ToArray() : [.. Enumerable.Repeat(double.NaN, classes)]
                ),
            ]
            : null;
}
