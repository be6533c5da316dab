using AttnCrnn.Cli.Terminal;
using AttnCrnn.Reports.TensorBoard;
using AttnCrnn.Runs;
using AttnCrnn.Training;

namespace AttnCrnn.Cli.Commands;

/// <summary>
/// Trains the folds of a run one after the other, or the run without folds; shows their progress.
/// </summary>
internal sealed class FoldSequence(TrainingRun run, TrainingLog log, ConsoleOutput console)
{
    private readonly RunDirectory directory = run.Directory;
    private readonly Experiment experiment = run.Experiment;

    /// <summary>Trains the folds of the configuration; finished folds are not repeated.</summary>
    /// <exception cref="OperationCanceledException">The user interrupted it; the checkpoint is written.</exception>
    public void Train(CancellationToken cancellationToken)
    {
        var folds = run.SelectFolds().ToList();
        var unfinished = run.FindUnfinishedFolds();
        int? count = folds[0] is null ? null : experiment.Splits.Count;
        using var display = new TrainingDisplay(console, TimeProvider.System, count, Math.Max(1, unfinished.Count));
        foreach (var fold in folds)
        {
            var position = unfinished.ToList().IndexOf(fold);
            if (position < 0)
                ReportOutcome(fold, run.TrainFold(fold, progress: null, cancellationToken));
            else
                TrainUnfinished(fold, display, position, unfinished.Count, cancellationToken);
        }
    }

    private void TrainUnfinished(
        int? fold,
        TrainingDisplay display,
        int position,
        int unfinishedFolds,
        CancellationToken cancellationToken
    )
    {
        var furtherFolds = unfinishedFolds - position - 1;
        EventLog? events = null;
        var progress = new InlineProgress<TrainingProgress>(progress =>
        {
            display.Show(progress, fold, position);
            if (progress.LastEpoch is not { } metrics)
                return;
            var line = TrainingDisplay.FormatEpoch(metrics, progress, progress.EstimateRemaining(furtherFolds));
            log.WriteLineToFile(GetPrefix(fold) + line);
            display.ShowEpoch(metrics, progress, fold, GetPrefix(fold) + line);
            events ??= new(directory.GetLogFolder(fold), TimeProvider.System);
            events.Add(metrics);
        });
        try
        {
            ReportOutcome(fold, run.TrainFold(fold, progress, cancellationToken));
        }
        catch when (run.UnrecordedFailure is { } reason)
        {
            // The failure itself is reported by the caller.
            console.WriteError(reason);
            throw;
        }
        finally
        {
            events?.Dispose();
        }
    }

    private void ReportOutcome(int? fold, TrainingOutcome outcome)
    {
        if (outcome.StoppedEarly)
            log.WriteLine(
                $"{GetPrefix(fold)}early stopping after epoch {outcome.History.Count}; "
                    + $"the best epoch is {outcome.BestEpoch}"
            );
    }

    private string GetPrefix(int? fold) => fold is { } number ? $"fold {number}/{experiment.Splits.Count} " : "";
}
