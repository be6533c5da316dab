using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Scripts;
using AttnCrnn.Runs;

namespace AttnCrnn.Deployment.Transfer;

/// <summary>Copies a run's results, checkpoints and logs to this machine and verifies their hashes.</summary>
/// <param name="folder">The absolute remote deployment folder.</param>
/// <param name="target">The local working folder.</param>
public sealed class RunFetch(Machine machine, string folder, string target, IDeploymentReport report)
{
    private const int MaxRounds = 4;

    /// <summary>Fetches one run, except for files that are already identical on this machine.</summary>
    /// <exception cref="InvalidRemoteRequestException">
    /// The run does not exist, or a different local run has the same name.
    /// </exception>
    /// <exception cref="RemoteException">The connection is lost, or files do not match their hashes.</exception>
    public async Task<FetchOutcome> RunAsync(string run, CancellationToken cancellation = default)
    {
        LocalPrerequisites.Require(machine);
        Directory.CreateDirectory(target);
        var copiedCount = 0;
        for (var round = 1; ; round++)
        {
            var manifest = RunManifest.Parse(
                machine.Name,
                run,
                await machine.RunAsync(RunManifest.CreateScript(folder, run), cancellation).ConfigureAwait(false)
            );
            if (manifest.Files.Count == 0)
                throw new InvalidRemoteRequestException($"{machine.Name}: {run} has no files yet");
            if (round == 1)
                copiedCount += await FetchRunIdAsync(run, manifest, cancellation).ConfigureAwait(false);
            var missing = manifest.FindMissing(target);
            if (missing.Count == 0)
            {
                if (manifest.HasEnded)
                    await machine
                        .RunAsync(Script.Create("fetched", null, folder, run), cancellation)
                        .ConfigureAwait(false);
                UpdateLatest(run);
                return new(run, manifest.Files.Count, copiedCount, manifest.HasEnded);
            }
            // A running run keeps writing: the next round copies files that changed since the manifest, up to a limit.
            if (round > MaxRounds && !manifest.HasEnded)
                return CreateUnfinishedOutcome(run, manifest, copiedCount);
            if (round > MaxRounds)
                throw new RemoteException(
                    $"{machine.Name}: {missing.Count} files of {run} still differ after {MaxRounds} copies "
                        + $"(for example {missing[0]}): check the local disk"
                );
            copiedCount += missing.Count;
            await CopyAsync(run, missing, checksum: round > 1, cancellation).ConfigureAwait(false);
        }
    }

    // Runs started in the same second on two machines have the same name. The file that distinguishes them is fetched
    // first, so that it exists even if the fetch is interrupted.
    private async Task<int> FetchRunIdAsync(string run, RunManifest manifest, CancellationToken cancellation)
    {
        if (manifest.IsDifferentRun(run, target))
            throw new InvalidRemoteRequestException(
                $"{machine.Name}: the remote run {run} is different from the local run of the same name in {target}, "
                    + "which was started in the same second and would be overwritten; fetch it in another "
                    + "working folder"
            );
        var runIdFiles = manifest
            .Files.Keys.Where(file => file == RunManifest.GetRunIdFile(run) && !File.Exists(Path.Combine(target, file)))
            .ToList();
        if (runIdFiles.Count > 0)
            await CopyAsync(run, runIdFiles, checksum: false, cancellation).ConfigureAwait(false);
        return runIdFiles.Count;
    }

    private FetchOutcome CreateUnfinishedOutcome(string run, RunManifest manifest, int copiedCount)
    {
        UpdateLatest(run);
        return new(run, manifest.Files.Count, copiedCount, false);
    }

    private Task CopyAsync(string run, IReadOnlyList<string> files, bool checksum, CancellationToken cancellation)
    {
        var names = string.Concat(files.Select(file => file + "\0"));
        return report.TrackAsync($"{run}: {files.Count} files", progress =>
            Rsync.RunAsync(machine, Rsync.Download(machine, folder, target, checksum), names, progress, cancellation)
        );
    }

    // Creates a temporary link and renames it, so that the link always exists.
    private void UpdateLatest(string run)
    {
        var latest = Path.Combine(target, RunFolders.Analysis, RunFolders.Latest);
        var link = new FileInfo(latest);
        if (link.LinkTarget == run)
            return;
        if (link.LinkTarget is null && Path.Exists(latest))
        {
            report.WriteMessage($"{latest} is not a symbolic link and is not changed");
            return;
        }
        var temporary = Path.Combine(target, RunFolders.Analysis, $".{RunFolders.Latest}-{Guid.NewGuid():N}");
        File.CreateSymbolicLink(temporary, run);
        SymbolicLink.Rename(temporary, latest);
    }
}

/// <summary>The result of a fetch.</summary>
/// <param name="Files">Number of files of the run.</param>
/// <param name="CopiedFiles">Number of files copied.</param>
/// <param name="IsComplete">Whether the run has ended and every file was verified.</param>
public sealed record FetchOutcome(string Run, int Files, int CopiedFiles, bool IsComplete);
