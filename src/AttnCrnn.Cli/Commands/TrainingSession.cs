using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Options;
using AttnCrnn.Reports;
using AttnCrnn.Runs;
using AttnCrnn.Training;

namespace AttnCrnn.Cli.Commands;

/// <summary>A training run on the console, from its first epoch to its report.</summary>
internal sealed class TrainingSession(TrainingRun run, ConsoleOutput console)
{
    private readonly RunDirectory directory = run.Directory;

    /// <summary>Trains all folds of the configuration.</summary>
    /// <exception cref="InterruptedException">The user interrupted it; the message says how to resume.</exception>
    /// <exception cref="ResumableTrainingException">It failed, and its last checkpoint is intact.</exception>
    public void Train(CancellationToken cancellationToken)
    {
        // A fold trained alone may run in parallel with others, in separate processes or on separate machines.
        using var log = new TrainingLog(console, directory.GetLogFolder(run.Configuration.Fold));
        log.WriteLine($"run {directory.Name}");
        log.WriteLine($"encoder {run.Store.Description.Encoder}");
        try
        {
            new FoldSequence(run, log, console).Train(cancellationToken);
        }
        catch (InvalidInputException exception) when (run.FindNewestCheckpoint() is { } checkpoint)
        {
            var message = exception.Text.Format(OptionParser.FormatKey);
            throw new ResumableTrainingException(
                $"{message}. The last checkpoint is {checkpoint}; resume the run",
                FormatResume(),
                ExitCode.InvalidInput,
                exception
            );
        }
        catch (TrainingException exception) when (exception.CanResume)
        {
            var message = exception.Text.Format(OptionParser.FormatKey);
            throw new ResumableTrainingException(message, FormatResume(), ExitCode.Failure, exception);
        }
        catch (OperationCanceledException)
        {
            throw new InterruptedException(
                "interrupted"
                    + (
                        run.FindNewestCheckpoint() is { } checkpoint
                            ? $"; the checkpoint is {checkpoint}"
                            : " before the first checkpoint"
                    )
                    + $": resume with\n{FormatResume()}"
            );
        }
    }

    /// <summary>Evaluates the trained models, writes the analysis files and prints the metrics.</summary>
    public void EvaluateAndReport(CancellationToken cancellationToken)
    {
        var result = run.Evaluate(new RunReportWriter(cancellationToken: cancellationToken), cancellationToken);
        EvaluationSummary.Print(console, result);
        console.WriteResult($"report   {directory.Report}");
        console.WriteResult($"run      {directory.Name}");
    }

    private string FormatResume()
    {
        var configuration = run.Configuration;
        var fold = configuration.Fold is { } number
            ? (string[])[OptionParser.FormatKey(OptionKeys.Fold.Name), $"{number}"]
            : [];
        var trainOnly = configuration.TrainOnly ? (string[])[OptionParser.FormatKey(OptionKeys.TrainOnly.Name)] : [];
        return PrintedCommand.FormatResume(directory.WorkFolder, directory.RunName, [.. fold, .. trainOnly]);
    }
}
