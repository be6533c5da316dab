using System.Globalization;
using AttnCrnn.Deployment;
using AttnCrnn.Deployment.Transfer;

namespace AttnCrnn.Cli.Terminal;

/// <summary>Reports the steps of a deployment, and its transfers with a progress bar on a terminal.</summary>
internal sealed class StepReport(ConsoleOutput console, TimeProvider clock) : IDeploymentReport
{
    private const int Steps = 4;

    private long startTimestamp;

    public void Start(int number, string title)
    {
        startTimestamp = clock.GetTimestamp();
        console.WriteMessage($"{number}/{Steps} {title}");
    }

    public void Finish(int number, string title) =>
        console.WriteMessage(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{number}/{Steps} {title}: done in {clock.GetElapsedTime(startTimestamp).TotalSeconds:0.0} s"
            )
        );

    public void WriteMessage(string text) => console.WriteMessage($"    {text}");

    public void ShowCommand(string command) => console.WriteResult(command);

    public Task TrackAsync(string title, Func<IProgress<TransferProgress>?, Task> work)
    {
        if (!console.SupportsProgressBars)
            return work(null);
        return console.TrackAsync(title, async reportProgress =>
        {
            var progress = new InlineProgress<TransferProgress>(progress =>
                reportProgress(progress.Fraction, $"{title}, {progress.Rate}")
            );
            await work(progress).ConfigureAwait(false);
            return true;
        });
    }
}
