using AttnCrnn.Deployment.Monitoring;

namespace AttnCrnn.Cli.Terminal;

/// <summary>A run's log, line by line as it grows, with what the lines mean together.</summary>
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
