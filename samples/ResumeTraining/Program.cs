// ResumeTraining RUN: continues the interrupted training of a run in the current folder with the options of the run,
// and evaluates it. Ctrl-C keeps the checkpoint: start the sample again to continue.
using AttnCrnn;
using AttnCrnn.Reports;
using AttnCrnn.Runs;
using AttnCrnn.Training;

if (args.Length != 1)
{
    Console.Error.WriteLine("usage: ResumeTraining RUN");
    return 2;
}
using var interruption = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true; // the training stops by itself, after its checkpoint
    interruption.Cancel();
};
try
{
    var directory = RunDirectory.Open(Path.GetFullPath("."), args[0]);
    var saved = directory.ReadConfiguration(Console.Error.WriteLine);
    using var run = TrainingRun.Open(directory, saved, RunProgram.Current);
    var progress = new Progress<TrainingProgress>(step => Console.WriteLine($"epoch {step.Epoch}, step {step.Step}"));
    run.Train(progress, interruption.Token); // only what is not trained yet
    var result = run.Evaluate(new RunReportWriter(), interruption.Token);
    Console.WriteLine($"UAR {result.Metrics.Uar:0.000} on the test set: {directory.Report}");
    return 0;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine($"interrupted: continue with ResumeTraining {args[0]}");
    return 130;
}
catch (InvalidInputException error)
{
    Console.Error.WriteLine(error.Message); // what is wrong and what to do
    return 3;
}
