using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.Deployment.Transfer;

/// <summary>Copies a run's results, checkpoints and logs to the same folders here, and sees by their hashes that they came whole.</summary>
/// <param name="folder">Absolute, there.</param>
/// <param name="target">The working folder here.</param>
public sealed class RunFetch(Machine machine, string folder, string target, IDeploymentReport report)
{
    private const int MaxRounds = 4;

    /// <summary>Fetches one run; what is here already with the same bytes is not sent.</summary>
    /// <exception cref="RemoteRefusedException">There is no such run, or another one of that name is here.</exception>
    /// <exception cref="RemoteException">The connection is lost, or files do not come whole.</exception>
    public async Task<FetchOutcome> RunAsync(string run, CancellationToken cancellation = default)
    {
        LocalPrerequisites.Require(machine);
        Directory.CreateDirectory(target);
        var brought = 0;
        for (var round = 1; ; round++)
        {
            var manifest = RunManifest.Parse(
                machine.Name,
                run,
                await machine.RunAsync(RunManifest.ScriptFor(folder, run), cancellation).ConfigureAwait(false)
            );
            if (manifest.Files.Count == 0)
                throw new RemoteRefusedException($"{machine.Name}: {run} has no files yet");
            if (round == 1)
                brought += await MeetAsync(run, manifest, cancellation).ConfigureAwait(false);
            var missing = manifest.MissingIn(target);
            if (missing.Count == 0)
            {
                if (manifest.HasEnded)
                    await machine
                        .RunAsync(Script.Create("fetched", null, folder, run), cancellation)
                        .ConfigureAwait(false);
                Point(run);
                return new(run, manifest.Files.Count, brought, manifest.HasEnded);
            }
            // A run that is at work writes on: what it changed between the list and the copy is copied by the next round, but not for ever.
            if (round > MaxRounds && !manifest.HasEnded)
                return Unfinished(run, manifest, brought);
            if (round > MaxRounds)
                throw new RemoteException(
                    $"{machine.Name}: {missing.Count} files of {run} do not come as they are there, {missing[0]} first: is the disk here full or failing?"
                );
            brought += missing.Count;
            await CopyAsync(run, missing, again: round > 1, cancellation).ConfigureAwait(false);
        }
    }

    // Two runs that were begun in the same second on two machines have one name. What tells them apart comes before all else, so that it is here also when
    // the rest is cut off.
    private async Task<int> MeetAsync(string run, RunManifest manifest, CancellationToken cancellation)
    {
        if (manifest.IsOtherRun(run, target))
            throw new RemoteRefusedException(
                $"{machine.Name}: {run} there is another run than the {run} in {target}, begun in the same second, and would overwrite it; fetch it from another working folder"
            );
        var birth = manifest
            .Files.Keys.Where(file => file == RunManifest.Birth(run) && !File.Exists(Path.Combine(target, file)))
            .ToList();
        if (birth.Count > 0)
            await CopyAsync(run, birth, again: false, cancellation).ConfigureAwait(false);
        return birth.Count;
    }

    private FetchOutcome Unfinished(string run, RunManifest manifest, int brought)
    {
        Point(run);
        return new(run, manifest.Files.Count, brought, false);
    }

    private Task CopyAsync(string run, IReadOnlyList<string> files, bool again, CancellationToken cancellation)
    {
        var names = string.Concat(files.Select(file => file + "\0"));
        return report.TrackAsync($"{run}: {files.Count} files", progress =>
            Rsync.RunAsync(machine, Rsync.Download(machine, folder, target, again), names, progress, cancellation)
        );
    }

    // A link of another name first, which then takes the name: there is no moment without one.
    private void Point(string run)
    {
        var latest = Path.Combine(target, "analysis_results", "latest");
        var link = new FileInfo(latest);
        if (link.LinkTarget == run)
            return;
        if (link.LinkTarget is null && Path.Exists(latest))
        {
            report.Info($"{latest} is no link of ours and stays as it is");
            return;
        }
        var temporary = Path.Combine(target, "analysis_results", $".latest-{Guid.NewGuid():N}");
        File.CreateSymbolicLink(temporary, run);
        SymbolicLink.Rename(temporary, latest);
    }
}

/// <summary>What came.</summary>
/// <param name="Files">That the run has.</param>
/// <param name="Brought">Those that were copied now.</param>
/// <param name="IsWhole">Whether the run has ended and every file is here with the same bytes.</param>
public sealed record FetchOutcome(string Run, int Files, int Brought, bool IsWhole);
