using AttnCrnn.Deployment.Monitoring;

namespace AttnCrnn.Cli.Terminal;

/// <summary>
/// Shows a run's log line by line, with messages about changes of the learning rate and new best epochs.
/// </summary>
internal sealed class LiveView(ConsoleOutput console)
{
    private readonly TrainingLogSummary summary = new();

    public void ShowLine(string line)
    {
        foreach (var wrappedLine in LogText.Fit(line, console.Width))
            console.WriteResult(wrappedLine);
        if (EpochLine.Parse(line) is not { } epoch)
            return;
        foreach (var message in summary.Update(epoch))
        foreach (var wrappedLine in LogText.Wrap($"  {message}", console.Width ?? int.MaxValue, 4))
            console.WriteResult(wrappedLine);
    }
}
