using AttnCrnn.Deployment.Monitoring;

namespace AttnCrnn.Cli.Terminal;

/// <summary>Shows a run's log line by line, with remarks on the course of training.</summary>
internal sealed class LiveView(ConsoleOutput console)
{
    private readonly TrainingLogSummary summary = new();

    public void Show(string line)
    {
        foreach (var part in LogText.Fit(line, console.Width))
            console.Result(part);
        if (EpochLine.Parse(line) is not { } epoch)
            return;
        foreach (var remark in summary.Update(epoch))
        foreach (var part in LogText.Wrap($"  {remark}", console.Width ?? int.MaxValue, 4))
            console.Result(part);
    }
}
