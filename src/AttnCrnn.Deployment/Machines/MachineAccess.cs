using System.Globalization;
using AttnCrnn.Deployment.Scripts;
using AttnCrnn.Deployment.Transfer;

namespace AttnCrnn.Deployment.Machines;

/// <summary>
/// The commands of a deployment on a machine. A dry run shows every command, runs queries, because later steps depend
/// on their results, and skips commands that change something.
/// </summary>
internal sealed class MachineAccess(Machine machine, IDeploymentReport report, bool dryRun)
{
    private const double Mebi = 1 << 20;

    /// <summary>Runs a script that changes nothing, even in a dry run.</summary>
    public Task<string> QueryAsync(Script script, CancellationToken cancellation)
    {
        Show(script);
        return machine.RunAsync(script, cancellation);
    }

    /// <summary>Runs a script that changes something; in a dry run, returns an empty string instead.</summary>
    public Task<string> ExecuteAsync(Script script, CancellationToken cancellation)
    {
        Show(script);
        return dryRun ? Task.FromResult("") : machine.RunAsync(script, cancellation);
    }

    /// <summary>Runs an upload and reports its size.</summary>
    /// <param name="freeBytes">Free space on the machine's disk.</param>
    /// <param name="reuseOptions">rsync options with remote folders whose unchanged files are reused.</param>
    /// <returns>Bytes sent.</returns>
    /// <exception cref="RemoteException">The disk is full, or the connection is lost.</exception>
    public async Task<long> UploadAsync(
        string title,
        ProgramCall transfer,
        long freeBytes,
        CancellationToken cancellation,
        IEnumerable<string>? reuseOptions = null
    )
    {
        var call = new ProgramCall(transfer.Program, [.. reuseOptions ?? [], .. transfer.Arguments]);
        if (dryRun)
        {
            report.ShowCommand(call.ToString());
            return 0;
        }
        // First without reuse: rsync does not count files that it reuses, so that a target that does not exist yet
        // would appear unchanged.
        var size = await Rsync.MeasureAsync(machine, transfer, cancellation).ConfigureAwait(false);
        if (size is { Files: 0, Deleted: 0 })
        {
            report.WriteMessage($"{title}: unchanged");
            return 0;
        }
        if (call.Arguments.Count > transfer.Arguments.Count)
            size = await Rsync.MeasureAsync(machine, call, cancellation).ConfigureAwait(false);
        if (size.Bytes > freeBytes)
            throw new RemoteException(
                OptionText.Create(
                    $"{machine.Name}: {title} needs {size.Bytes / Mebi:0} MiB, "
                        + $"and {freeBytes / Mebi:0} MiB are free: free disk space, "
                        + $"or choose a folder on another disk with {RemoteOptionKeys.Dir}"
                )
            );
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{title}: {size.Files} {(size.Files == 1 ? "file" : "files")}, {size.Bytes / Mebi:0.0} MiB"
        );
        report.WriteMessage(text);
        await report
            .TrackAsync(text, progress => Rsync.RunAsync(machine, call, "", progress, cancellation))
            .ConfigureAwait(false);
        return size.Bytes;
    }

    private void Show(Script script)
    {
        if (dryRun)
            report.ShowCommand($"{machine.Shell} <<'attn_crnn_end'   # {script.Name}\n{script.Text}attn_crnn_end");
    }
}
