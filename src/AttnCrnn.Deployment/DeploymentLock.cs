using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.Deployment;

/// <summary>
/// Creates or opens the deployment folder and locks it against a second deployment, through a separate connection:
/// the lock is released when that connection ends.
/// </summary>
internal sealed class DeploymentLock : IAsyncDisposable
{
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);

    private readonly ChildProcess process;
    private readonly CancellationTokenSource cancellationSource = new();
    private readonly Task heartbeatTask;

    private DeploymentLock(ChildProcess process)
    {
        this.process = process;
        heartbeatTask = SendHeartbeatsAsync();
    }

    /// <param name="script">From <see cref="CreateScript"/>.</param>
    /// <exception cref="InvalidRemoteRequestException">Another deployment is running.</exception>
    public static async Task<DeploymentLock> AcquireAsync(
        Machine machine,
        Script script,
        CancellationToken cancellation
    )
    {
        var process = ChildProcess.Start(machine.Shell);
        try
        {
            await process.SendAsync(script.Text, close: false, cancellation).ConfigureAwait(false);
            string? line;
            do line = await process.ReadLineAsync(cancellation).ConfigureAwait(false);
            while (line is not (null or "locked"));
            if (line is not null)
                return new(process);
            var (code, error) = await process.EndAsync(cancellation).ConfigureAwait(false);
            throw machine.CreateException(code, error);
        }
        catch
        {
            await process.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <param name="holder">
    /// A description of this deployment, which a second deployment prints when it finds the folder locked.
    /// </param>
    public static Script CreateScript(string folder, string holder) => Script.CreateWithInput("lock", folder, holder);

    public async ValueTask DisposeAsync()
    {
        await cancellationSource.CancelAsync().ConfigureAwait(false);
        await heartbeatTask.ConfigureAwait(false);
        await process.SendAsync("", close: true, CancellationToken.None).ConfigureAwait(false);
        await process.DisposeAsync().ConfigureAwait(false);
        cancellationSource.Dispose();
    }

    private async Task SendHeartbeatsAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(HeartbeatInterval, cancellationSource.Token).ConfigureAwait(false);
                await process.SendAsync("beat\n", close: false, cancellationSource.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) { }
    }
}
