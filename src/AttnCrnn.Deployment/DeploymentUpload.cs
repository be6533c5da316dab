using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Transfer;
using AttnCrnn.Runs;

namespace AttnCrnn.Deployment;

/// <summary>Uploads the program, features and initial model of a deployment.</summary>
/// <param name="folder">Absolute, on the machine.</param>
internal sealed class DeploymentUpload(
    DeploymentPlan plan,
    MachineAccess access,
    IDeploymentReport report,
    string folder,
    HostInfo host
)
{
    /// <param name="status">
    /// The existing programs and features on the machine; null in a dry run without a folder.
    /// </param>
    /// <returns>The program's remote folder name.</returns>
    /// <exception cref="RemoteException">The disk is full, or the connection is lost.</exception>
    public async Task<string> RunAsync(
        RunStatus? status,
        IReadOnlyList<DataFolder> folders,
        InitialModel? initial,
        CancellationToken cancellation
    )
    {
        var package = await plan
            .Program.PrepareAsync(
                host.RuntimeIdentifier!,
                plan.Machine is LocalMachine,
                report,
                plan.DryRun,
                cancellation
            )
            .ConfigureAwait(false);
        var freeBytes = host.FreeDiskBytes;
        freeBytes -= await UploadProgramAsync(package, status, freeBytes, cancellation).ConfigureAwait(false);
        foreach (var data in folders)
            freeBytes -= await UploadDataAsync(data, status, freeBytes, cancellation).ConfigureAwait(false);
        if (initial is not null)
            await access
                .UploadAsync(
                    $"{initial.Path} as {initial.RemoteName}",
                    Rsync.UploadFile(plan.Machine, initial.Path, $"{folder}/{initial.RemoteName}"),
                    freeBytes,
                    cancellation
                )
                .ConfigureAwait(false);
        return package.Name;
    }

    /// <summary>Uploads the local copy of a run that no longer exists on a machine.</summary>
    /// <remarks>
    /// Without config.json: has_run treats a run with a configuration as complete, and record writes the
    /// configuration for this machine after everything else is uploaded. Otherwise an interrupted copy would be
    /// trained from the beginning.
    /// </remarks>
    public async Task CopyRunAsync(CancellationToken cancellation)
    {
        foreach (var runParent in (string[])[RunFolders.Checkpoints, RunFolders.Logs, RunFolders.Analysis])
        {
            var source = Path.Combine(plan.LocalCopy!, runParent, plan.Run);
            if (!Directory.Exists(source))
                continue;
            var upload = Rsync.Upload(plan.Machine, source, $"{folder}/{runParent}/{plan.Run}");
            await access
                .UploadAsync(
                    $"{runParent}/{plan.Run}",
                    new(upload.Program, ["--exclude=/config.json", .. upload.Arguments]),
                    host.FreeDiskBytes,
                    cancellation
                )
                .ConfigureAwait(false);
        }
    }

    /// <returns>Bytes sent.</returns>
    private Task<long> UploadProgramAsync(
        ProgramPackage package,
        RunStatus? status,
        long freeBytes,
        CancellationToken cancellation
    )
    {
        // Unchanged files are copied from earlier programs on the machine instead of being sent again.
        var programs = (status?.Programs ?? [])
            .Where(name => name != package.Name)
            .Take(Rsync.MaxLinkDestinations)
            .Select(name => $"--copy-dest={folder}/program/{name}");
        var upload = Rsync.Upload(plan.Machine, package.Folder, $"{folder}/program/{package.Name}");
        // Programs compress to less than half of their size; features do not compress.
        return access.UploadAsync(
            $"program {package.Name}",
            new(upload.Program, ["--compress", .. upload.Arguments]),
            freeBytes,
            cancellation,
            programs
        );
    }

    /// <returns>Bytes sent.</returns>
    private Task<long> UploadDataAsync(
        DataFolder data,
        RunStatus? status,
        long freeBytes,
        CancellationToken cancellation
    )
    {
        // Hard-linked, because features are large. This cannot change a file of the other folder: rsync writes to a new
        // file and renames it, and training only reads.
        var linkDestinations = (status?.UploadedFeatures ?? [])
            .Where(data.IsOlderVersion)
            .Take(Rsync.MaxLinkDestinations)
            .Select(name => $"--link-dest={folder}/{name}");
        return access.UploadAsync(
            $"{data.Path} as {data.RemoteName}",
            Rsync.Upload(plan.Machine, data.Path, $"{folder}/{data.RemoteName}"),
            freeBytes,
            cancellation,
            linkDestinations
        );
    }
}
