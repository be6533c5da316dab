using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.Deployment;

/// <summary>
/// Creates or opens the deployment folder and locks it against a second deployment, through a connection of its own:
/// when that connection ends, the lock is released.
/// </summary>
internal sealed class DeploymentLock : IAsyncDisposable
{
    private static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(15);

    private readonly ChildProcess holder;
    private readonly CancellationTokenSource end = new();
    private readonly Task beating;

    private DeploymentLock(ChildProcess holder)
    {
        this.holder = holder;
        beating = BeatAsync();
    }

    /// <param name="script">From <see cref="ScriptFor"/>.</param>
    /// <exception cref="InvalidRemoteRequestException">Another deployment is running.</exception>
    public static async Task<DeploymentLock> AcquireAsync(
        Machine machine,
        Script script,
        CancellationToken cancellation
    )
    {
        var holder = ChildProcess.Start(machine.Shell);
        try
        {
            await holder.SendAsync(script.Text, close: false, cancellation).ConfigureAwait(false);
            string? line;
            do line = await holder.ReadLineAsync(cancellation).ConfigureAwait(false);
            while (line is not (null or "locked"));
            if (line is not null)
                return new(holder);
            var (code, error) = await holder.EndAsync(cancellation).ConfigureAwait(false);
            throw machine.Failure(code, error);
        }
        catch
        {
            await holder.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <param name="holder">Shown to a second deployment that finds the folder locked.</param>
    public static Script ScriptFor(string folder, string holder) => Script.WithInput("lock", folder, holder);

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync().ConfigureAwait(false);
        await beating.ConfigureAwait(false);
        await holder.SendAsync("", close: true, CancellationToken.None).ConfigureAwait(false);
        await holder.DisposeAsync().ConfigureAwait(false);
        end.Dispose();
    }

    private async Task BeatAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(BeatInterval, end.Token).ConfigureAwait(false);
                await holder.SendAsync("beat\n", close: false, end.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) { }
    }
}
