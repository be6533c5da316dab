using System.Globalization;
using AttnCrnn.Deployment.Scripts;
using AttnCrnn.Deployment.Transfer;

namespace AttnCrnn.Deployment.Machines;

/// <summary>
/// What a deployment does to a machine. In a rehearsal every command is shown; those that only ask are run all the same, because what comes next depends on
/// the answer, and those that change something are not.
/// </summary>
internal sealed class MachineAccess(Machine machine, IDeploymentReport report, bool rehearse)
{
    private const double Mebi = 1 << 20;

    public Machine Machine => machine;

    public bool Rehearses => rehearse;

    /// <summary>Runs a script that changes nothing.</summary>
    public Task<string> RunAsync(Script script, CancellationToken cancellation)
    {
        Show(script);
        return machine.RunAsync(script, cancellation);
    }

    /// <summary>Runs a script that changes something; in a rehearsal it prints nothing.</summary>
    public Task<string> DoAsync(Script script, CancellationToken cancellation)
    {
        Show(script);
        return rehearse ? Task.FromResult("") : machine.RunAsync(script, cancellation);
    }

    /// <summary>Makes a folder there like one here, and says what there was to do.</summary>
    /// <param name="room">Bytes that are free there.</param>
    /// <param name="bases">Options that name folders there from which files are taken over.</param>
    /// <returns>Bytes that were sent.</returns>
    /// <exception cref="RemoteException">There is no room, or the connection is lost.</exception>
    public async Task<long> UploadAsync(
        string title,
        ProgramCall transfer,
        long room,
        CancellationToken cancellation,
        IEnumerable<string>? bases = null
    )
    {
        var whole = new ProgramCall(transfer.Program, [.. bases ?? [], .. transfer.Arguments]);
        if (rehearse)
        {
            report.Show(whole.ToString());
            return 0;
        }
        // Without the other folders first: rsync counts no files that it takes over from them, and what is not there yet must not be found unchanged.
        var size = await Rsync.MeasureAsync(machine, transfer, cancellation).ConfigureAwait(false);
        if (size is { Files: 0, Deleted: 0 })
        {
            report.Info($"{title}: nothing has changed");
            return 0;
        }
        if (whole.Arguments.Count > transfer.Arguments.Count)
            size = await Rsync.MeasureAsync(machine, whole, cancellation).ConfigureAwait(false);
        if (size.Bytes > room)
            throw new RemoteException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{machine.Name}: {title} needs {size.Bytes / Mebi:0} MiB, and {room / Mebi:0} MiB are free there: make room, or name a folder on another disk with --dir"
                )
            );
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{title}: {size.Files} {(size.Files == 1 ? "file" : "files")}, {size.Bytes / Mebi:0.0} MiB"
        );
        report.Info(text);
        await report
            .TrackAsync(text, progress => Rsync.RunAsync(machine, whole, "", progress, cancellation))
            .ConfigureAwait(false);
        return size.Bytes;
    }

    private void Show(Script script)
    {
        if (rehearse)
            report.Show($"{machine.Shell} <<'attn_crnn_end'   # {script.Name}\n{script.Text}attn_crnn_end");
    }
}
