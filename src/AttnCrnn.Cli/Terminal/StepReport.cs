using System.Globalization;
using AttnCrnn.Remote;

namespace AttnCrnn.Cli.Terminal;

/// <summary>The numbered steps of a deployment, and its transfers with a bar where there is a terminal.</summary>
internal sealed class StepReport(Shell shell, TimeProvider clock) : IDeploymentReport
{
    private const int Steps = 4;

    private long begun;

    public void Begin(int number, string title)
    {
        begun = clock.GetTimestamp();
        shell.Say($"{number}/{Steps} {title}");
    }

    public void End(int number, string title) =>
        shell.Say(string.Create(CultureInfo.InvariantCulture, $"{number}/{Steps} {title}: done in {clock.GetElapsedTime(begun).TotalSeconds:0.0} s"));

    public void Say(string text) => shell.Say($"    {text}");

    public void Show(string command) => shell.Print(command);

    public Task TrackAsync(string title, Func<IProgress<TransferProgress>?, Task> work)
    {
        if (!shell.CanDraw) return work(null);
        return Task.FromResult(shell.Track(title, move =>
        {
            work(new Direct<TransferProgress>(now => move(now.Share, $"{title}, {now.Rate}"))).GetAwaiter().GetResult();
            return true;
        }));
    }
}
