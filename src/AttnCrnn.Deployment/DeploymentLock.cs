using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.Deployment;

/// <summary>Takes a folder for our runs, and keeps a second deployment out of it while one is at work, by a connection of its own: when that is gone, the folder is free again.</summary>
internal sealed class DeploymentLock : IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    private readonly ChildProcess holder;
    private readonly CancellationTokenSource end = new();
    private readonly Task beating;

    private DeploymentLock(ChildProcess holder)
    {
        this.holder = holder;
        beating = BeatAsync();
    }

    /// <param name="script">As <see cref="ScriptFor"/> makes it.</param>
    /// <exception cref="RemoteRefusedException">Another deployment is at work.</exception>
    public static async Task<DeploymentLock> TakeAsync(Machine machine, Script script, CancellationToken cancellation)
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

    /// <param name="who">Who holds it, for the one who finds it held.</param>
    public static Script ScriptFor(string folder, string who) => Script.WithInput("lock", folder, who);

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
                await Task.Delay(Beat, end.Token).ConfigureAwait(false);
                await holder.SendAsync("beat\n", close: false, end.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) { }
    }
}
