using AttnCrnn.Cli.Terminal;
using AttnCrnn.Reports;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Commands;

/// <summary>Trains and evaluates the further seeds of a repeated run, after its first.</summary>
internal sealed class SeedSequence(TrainingRun run, ConsoleOutput console)
{
    /// <summary>Trains each seed that is not trained yet, and evaluates it unless the run is not evaluated.</summary>
    public void Run(CancellationToken cancellationToken)
    {
        var count = run.Configuration.Repeat;
        foreach (var (index, seed) in run.Configuration.Seeds.Index().Skip(1))
        {
            using var repeat = run.OpenSeed(seed);
            if (repeat.IsFinished)
                continue;
            console.WriteMessage($"seed {seed}, {index + 1} of {count}");
            repeat.RecordStart();
            new TrainingSession(repeat, console).Train(cancellationToken);
            if (run.Configuration.SkipsEvaluation)
                continue;
            var result = repeat.Evaluate(new RunReportWriter(cancellationToken: cancellationToken), cancellationToken);
            console.WriteResult(
                FormattableString.Invariant(
                    $"seed     {seed}: UAR {result.Metrics.Uar:0.0000}, accuracy {result.Metrics.Accuracy:0.0000}"
                )
            );
        }
    }
}
