using AttnCrnn.Training;
using AttnCrnn.Training.Progress;

namespace AttnCrnn.Runs;

/// <summary>Records the trainings of a run's folds in their files <c>progress.jsonl</c>.</summary>
internal sealed class FoldRecorder(TrainingRun run, TimeProvider clock)
{
    /// <summary>Why the failure of the last training is not recorded; null: it did not fail, or is recorded.</summary>
    public string? UnrecordedFailure { get; private set; }

    /// <summary>Trains a fold that is not trained yet, and records its events.</summary>
    /// <param name="progress">Receives each event before it is recorded; null for none.</param>
    /// <param name="train">Trains the fold, with the progress that it has to report.</param>
    public TrainingOutcome Train(
        int? fold,
        IProgress<TrainingProgress>? progress,
        Func<IProgress<TrainingProgress>, TrainingOutcome> train
    )
    {
        UnrecordedFailure = null;
        using var log = Open(fold);
        try
        {
            var outcome = train(new RecordedProgress(progress, log));
            log.WriteEnd(outcome);
            return outcome;
        }
        catch (OperationCanceledException)
        {
            RecordFailure(log.WriteInterruption);
            throw;
        }
        catch (Exception exception)
        {
            RecordFailure(() => log.WriteError(exception.Message));
            throw;
        }
    }

    private ProgressLog Open(int? fold)
    {
        var log = new ProgressLog(
            Path.Combine(run.Directory.GetLogFolder(fold), RunFolders.Progress),
            new()
            {
                Run = run.Directory.Name,
                Epochs = run.Configuration.Experiment.Training.Epochs,
                Version = run.ProgramVersion,
                Fold = fold,
                Folds = fold is null ? null : run.Experiment.Splits.Count,
                FurtherFolds = CountUnfinishedFoldsAfter(fold),
            },
            clock
        );
        try
        {
            var checkpoint = Trainer.ReadHistory(run.Directory.GetResumeFolder(fold));
            log.WriteStart(checkpoint?.History ?? [], checkpoint?.BestEpoch);
            return log;
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    // The checkpoints of earlier folds are not read: a run can have one fold for each speaker.
    private int CountUnfinishedFoldsAfter(int? fold) =>
        run.SelectFolds()
            .SkipWhile(other => other != fold)
            .Skip(1)
            .Count(other => !Trainer.IsFinished(run.Directory.GetResumeFolder(other)));

    // The caller gets the failure itself. On a full disk, not even an event can be written.
    private void RecordFailure(Action write)
    {
        try
        {
            write();
        }
        catch (TrainingException exception)
        {
            UnrecordedFailure = exception.Message;
        }
    }

    // The caller comes first: monitor shows what it derives from the events below the line of the text log.
    private sealed class RecordedProgress(IProgress<TrainingProgress>? next, ProgressLog log)
        : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            next?.Report(value);
            log.Report(value);
        }
    }
}
