using AttnCrnn.Remote;

namespace AttnCrnn.Cli.Terminal;

/// <summary>A run's log, line by line as it grows, with what the lines mean together.</summary>
internal sealed class LiveView(Shell shell)
{
    private readonly TrainingStory story = new();

    public void Show(string line)
    {
        foreach (var part in LogText.Fit(line, shell.Width)) shell.Print(part);
        if (EpochLine.Parse(line) is not { } epoch) return;
        foreach (var remark in story.After(epoch))
            foreach (var part in LogText.Wrap($"  {remark}", shell.Width ?? int.MaxValue, 4)) shell.Print(part);
    }
}
