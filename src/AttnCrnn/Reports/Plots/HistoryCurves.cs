using AttnCrnn.Evaluation;
using AttnCrnn.Runs;
using AttnCrnn.Training;

namespace AttnCrnn.Reports.Plots;

/// <summary>The figures of a training, epoch by epoch.</summary>
/// <param name="Fold">Counted from 1, or null without folds.</param>
/// <param name="Figures">By name (loss, accuracy, val_loss, val_accuracy, val_uar, learning_rate), one value an epoch.</param>
/// <param name="BestEpoch">Counted from 1.</param>
public sealed record HistoryCurves(int? Fold, IReadOnlyDictionary<string, double[]> Figures, int BestEpoch)
{
    /// <summary>Those of a run: one a fold that has been trained for an epoch at least.</summary>
    /// <exception cref="InvalidFileException">A checkpoint is not what it says.</exception>
    public static IReadOnlyList<HistoryCurves> Create(Experiment experiment, RunDirectory run) =>
        [.. experiment.FoldNumbers.SelectMany(fold => OfFold(fold, run))];

    private static IEnumerable<HistoryCurves> OfFold(int? fold, RunDirectory run)
    {
        if (
            Trainer.HistoryIn(Path.Combine(run.Models(fold), "resume")) is not { } trained
            || trained.History.Count == 0
        )
            yield break;
        var epochs = trained.History;
        yield return new(
            fold,
            new Dictionary<string, double[]>
            {
                ["loss"] = [.. epochs.Select(epochFigures => epochFigures.Loss)],
                ["accuracy"] = [.. epochs.Select(epochFigures => epochFigures.Accuracy)],
                ["val_loss"] = [.. epochs.Select(epochFigures => epochFigures.ValLoss)],
                ["val_accuracy"] = [.. epochs.Select(epochFigures => epochFigures.ValAccuracy)],
                ["val_uar"] = [.. epochs.Select(epochFigures => epochFigures.ValUar)],
                ["learning_rate"] = [.. epochs.Select(epochFigures => epochFigures.LearningRate)],
            },
            trained.BestEpoch
        );
    }
}
