using System.Globalization;
using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Scripts;
using AttnCrnn.Deployment.Transfer;

namespace AttnCrnn.Deployment;

/// <summary>
/// Brings a training to another machine and starts it there, in four steps. Each can be cut off at any moment: the same deployment again finds what was
/// done and does the rest, and one that is done already does nothing.
/// </summary>
public sealed class Deployer(DeploymentPlan plan, IDeploymentReport report)
{
    private readonly MachineAccess access = new(plan.Machine, report, plan.DryRun);

    /// <summary>Does what is left of the four steps.</summary>
    /// <exception cref="RemoteRefusedException">Another run or deployment is there, or the folder is not ours.</exception>
    /// <exception cref="RemoteException">The machine lacks something or fails; the message says what and what to do.</exception>
    public async Task<DeploymentOutcome> RunAsync(CancellationToken cancellation = default)
    {
        const string checks = "checks and directories",
            upload = "upload",
            environment = "environment",
            training = "training";
        report.Start(1, checks);
        var host = await CheckAsync(cancellation).ConfigureAwait(false);
        var folder = RemoteFolder.Absolute(plan.Folder, host.Home);
        await using var alone = await LockAsync(folder, cancellation).ConfigureAwait(false);
        var before = await BeforeAsync(folder, host, cancellation).ConfigureAwait(false);
        var fingerprint = plan.Fingerprint();
        // Before a session is ended for it: what cannot be resumed replaces nothing.
        var isThere = plan.Resume && await ExistsAsync(folder, host, cancellation).ConfigureAwait(false);
        var (outcome, goesOn) = await DecideAsync(folder, before, fingerprint, cancellation).ConfigureAwait(false);
        report.End(1, checks);
        if (outcome is not null)
            return outcome;

        report.Start(2, upload);
        var (data, initial) = isThere ? ([], null) : (plan.Data, plan.Initial);
        var program = await UploadAsync(folder, host, before, data, initial, cancellation).ConfigureAwait(false);
        if (plan.Resume && !isThere)
            await UploadCopyAsync(folder, host, cancellation).ConfigureAwait(false);
        report.End(2, upload);

        report.Start(3, environment);
        var threads = await ExamineAsync(folder, host, program, cancellation).ConfigureAwait(false);
        var run = await RecordAsync(
                folder,
                goesOn,
                fingerprint,
                program,
                isThere ? null : Configured(folder, data, initial, threads),
                data,
                initial,
                cancellation
            )
            .ConfigureAwait(false);
        report.End(3, environment);

        report.Start(4, training);
        await StartAsync(folder, run, program, cancellation).ConfigureAwait(false);
        report.End(4, training);
        return new(plan.DryRun ? DeploymentResult.DryRun : DeploymentResult.Started, run, folder);
    }

    private async Task<HostInfo> CheckAsync(CancellationToken cancellation)
    {
        LocalPrerequisites.Require(plan.Machine);
        var host = HostInfo.Parse(
            plan.Machine.Name,
            await access.RunAsync(HostInfo.ScriptFor(plan.Folder), cancellation).ConfigureAwait(false)
        );
        report.Info($"{plan.Machine.Name}: {HostRequirements.Describe(host)}");
        var lacks = HostRequirements.FindMissing(host, plan.JobRunner, plan.StopWhenDone).ToList();
        if (lacks.Count > 0)
            throw new RemoteException($"{plan.Machine.Name}: {string.Join("; ", lacks)}");
        var folder = RemoteFolder.Absolute(plan.Folder, host.Home);
        RemoteFolder.Require(plan.Machine.Name, folder, host.Folder);
        report.Info(
            $"{folder} {(host.Folder == FolderState.Ours ? "is ours" : host.Folder == FolderState.Empty ? "is empty: it becomes ours" : "is new: it becomes ours")}"
        );
        return host;
    }

    private async Task<DeploymentLock?> LockAsync(string folder, CancellationToken cancellation)
    {
        var script = DeploymentLock.ScriptFor(
            folder,
            $"{Environment.UserName} on {Environment.MachineName}, process {Environment.ProcessId}, since {DateTime.UtcNow:yyyy-MM-dd HH:mm:ss} UTC"
        );
        if (!plan.DryRun)
            return await DeploymentLock.TakeAsync(plan.Machine, script, cancellation).ConfigureAwait(false);
        await access.DoAsync(script, cancellation).ConfigureAwait(false);
        return null;
    }

    // A rehearsal takes no folder, so that there may be none to ask about.
    private async Task<RunStatus?> BeforeAsync(string folder, HostInfo host, CancellationToken cancellation) =>
        plan.DryRun && host.Folder != FolderState.Ours
            ? null
            : RunStatus.Parse(
                await access
                    .RunAsync(RunStatus.ScriptFor(plan.JobRunner, folder, plan.Session, 1), cancellation)
                    .ConfigureAwait(false)
            );

    /// <returns>An outcome where nothing is left to do; and the run that goes on, null for a new one.</returns>
    private async Task<(DeploymentOutcome? Outcome, string? GoesOn)> DecideAsync(
        string folder,
        RunStatus? before,
        string fingerprint,
        CancellationToken cancellation
    )
    {
        var same =
            before?.Run is not null && (plan.Resume ? before.Run == plan.Run : before.Fingerprint == fingerprint);
        if (before is { IsAlive: true } && same && !plan.Replace)
            return (new(DeploymentResult.AlreadyRunning, before.Run!, folder), null);
        if (before is { IsTaken: true })
            throw new RemoteRefusedException(
                $"{plan.Machine.Name}: there is a session {plan.Session} that was not started from {folder} (another folder's, or your own), and it is left alone: give this one another --name"
            );
        if (before is { IsAlive: true })
        {
            if (!plan.Replace)
                throw new RemoteRefusedException(
                    $"{plan.Machine.Name}: a session {plan.Session} is running there ({before.Run ?? "not one of ours"}): look at it with --attach, end it with --replace, or give this one another --name"
                );
            await EndAsync(folder, before, cancellation).ConfigureAwait(false);
            return (null, plan.Resume ? plan.Run : null);
        }
        if (before is { Session: true })
        {
            report.Info(
                $"the session of {before.Run}, which has ended and waits to be fetched, is closed; its results stay"
            );
            await access
                .DoAsync(Script.Create("remove", plan.JobRunner, folder, plan.Session, before.Run ?? ""), cancellation)
                .ConfigureAwait(false);
        }
        if (plan.Resume)
            return (null, plan.Run);
        if (!same || plan.Replace)
            return (null, null);
        if (before is { ExitCode: 0, HasReport: true })
            return (new(DeploymentResult.AlreadyDone, before.Run!, folder), null);
        report.Info($"{before!.Run} was begun and is not done: it goes on");
        return (null, before.Run);
    }

    private async Task EndAsync(string folder, RunStatus before, CancellationToken cancellation)
    {
        report.Info($"the session {plan.Session} is running ({before.Run ?? "not one of ours"}): it is asked to end");
        if (before.Run is { } run)
            await access
                .DoAsync(RunStop.ScriptFor(plan.JobRunner, folder, plan.Session, run, plan.Grace), cancellation)
                .ConfigureAwait(false);
        await access
            .DoAsync(Script.Create("remove", plan.JobRunner, folder, plan.Session, before.Run ?? ""), cancellation)
            .ConfigureAwait(false);
    }

    /// <returns>The program's name there.</returns>
    private async Task<string> UploadAsync(
        string folder,
        HostInfo host,
        RunStatus? before,
        IReadOnlyList<DataFolder> folders,
        InitialModel? initial,
        CancellationToken cancellation
    )
    {
        var package = await plan
            .Program.PrepareAsync(host.ProgramKind!, plan.Machine is LocalMachine, report, plan.DryRun, cancellation)
            .ConfigureAwait(false);
        // What is there the same, in a program or in features before these, is not sent again.
        var programs = (before?.Programs ?? [])
            .Where(name => name != package.Name)
            .Take(Rsync.MaxLinkDestinations)
            .Select(name => $"--copy-dest={folder}/program/{name}");
        var upload = Rsync.Upload(plan.Machine, package.Folder, $"{folder}/program/{package.Name}");
        var room = host.FreeDiskBytes;
        // Programs shrink to less than half on the way; frames do not.
        room -= await access
            .UploadAsync(
                $"program {package.Name}",
                new(upload.Program, ["--compress", .. upload.Arguments]),
                room,
                cancellation,
                programs
            )
            .ConfigureAwait(false);
        foreach (var data in folders)
        {
            // Linked, for frames are large. No file changes under another folder by that: rsync writes to a new one and renames it, and trainings only read.
            var earlier = (before?.Uploaded ?? [])
                .Where(data.IsEarlier)
                .Take(Rsync.MaxLinkDestinations)
                .Select(name => $"--link-dest={folder}/{name}");
            room -= await access
                .UploadAsync(
                    $"{data.Path} as {data.RemoteName}",
                    Rsync.Upload(plan.Machine, data.Path, $"{folder}/{data.RemoteName}"),
                    room,
                    cancellation,
                    earlier
                )
                .ConfigureAwait(false);
        }
        if (initial is not null)
            await access
                .UploadAsync(
                    $"{initial.Path} as {initial.RemoteName}",
                    Rsync.UploadFile(plan.Machine, initial.Path, $"{folder}/{initial.RemoteName}"),
                    room,
                    cancellation
                )
                .ConfigureAwait(false);
        return package.Name;
    }

    /// <returns>The threads that a process may use there.</returns>
    private async Task<int> ExamineAsync(string folder, HostInfo host, string program, CancellationToken cancellation)
    {
        var script = Script.Create("doctor", null, folder, program, plan.Machine.RuntimeFolder ?? "");
        var printed = await access.DoAsync(script, cancellation).ConfigureAwait(false);
        if (plan.DryRun)
            return plan.JobRunner.Processors ?? host.Processors;
        var doctor = DoctorReport.Parse(plan.Machine.Name, printed);
        foreach (var line in doctor.Lines)
            report.Info(line);
        if (doctor.Version != plan.Program.Version)
            report.Info($"the program there is version {doctor.Version}, this one {plan.Program.Version}");
        report.Info(
            string.Create(
                CultureInfo.InvariantCulture,
                $"it may use {doctor.Threads} threads and {doctor.MemoryBytes / (double)(1 << 30):0.0} GiB"
            )
        );
        return plan.JobRunner.Processors ?? doctor.Threads;
    }

    private async Task<bool> ExistsAsync(string folder, HostInfo host, CancellationToken cancellation)
    {
        if (plan.DryRun && host.Folder != FolderState.Ours)
            return false;
        var pairs = new PrintedPairs(
            await access
                .RunAsync(Script.Create("has_run", plan.JobRunner, folder, plan.Run, plan.Session), cancellation)
                .ConfigureAwait(false)
        );
        if (pairs["has"] == "yes")
            return true;
        if (plan.Copy is null)
            throw new RemoteRefusedException(
                $"{plan.Machine.Name}: no run {plan.Run} in {folder}, nor here; there are: {string.Join(", ", pairs.All("known").DefaultIfEmpty("none"))}"
            );
        report.Info($"{plan.Run} is not there any more: it goes there from its copy here");
        return false;
    }

    // The machine that it was on is gone, and what was fetched from it is not. The configuration does not go: it is what makes a run of these files (has_run),
    // and record writes this machine's when all else is there. Else a copy that was cut off on its way would be taken for the run, and trained from the beginning.
    private async Task UploadCopyAsync(string folder, HostInfo host, CancellationToken cancellation)
    {
        foreach (var part in (string[])["checkpoints", "logs", "analysis_results"])
        {
            var from = Path.Combine(plan.Copy!, part, plan.Run);
            if (!Directory.Exists(from))
                continue;
            var upload = Rsync.Upload(plan.Machine, from, $"{folder}/{part}/{plan.Run}");
            await access
                .UploadAsync(
                    $"{part}/{plan.Run}",
                    new(upload.Program, ["--exclude=/config.json", .. upload.Arguments]),
                    host.FreeDiskBytes,
                    cancellation
                )
                .ConfigureAwait(false);
        }
    }

    private string? Configured(string folder, IReadOnlyList<DataFolder> data, InitialModel? initial, int threads) =>
        plan.Configuration?.Invoke(
            new(
                folder,
                [.. data.Select(dataFolder => $"{folder}/{dataFolder.RemoteName}")],
                initial is null ? null : $"{folder}/{initial.RemoteName}",
                threads
            )
        );

    private async Task<string> RecordAsync(
        string folder,
        string? goesOn,
        string fingerprint,
        string program,
        string? configuration,
        IReadOnlyList<DataFolder> data,
        InitialModel? initial,
        CancellationToken cancellation
    )
    {
        var origin = data.Count == 0 && initial is null ? "" : DataOrigin.Write(folder, data, initial);
        var script = Script.Create(
            "record",
            null,
            folder,
            plan.Session,
            goesOn ?? plan.Run,
            goesOn is null ? "yes" : "no",
            fingerprint,
            configuration ?? "",
            origin,
            string.Concat(data.Select(dataFolder => dataFolder.RemoteName + "\n")),
            program
        );
        var run = new PrintedPairs(await access.DoAsync(script, cancellation).ConfigureAwait(false))["run"]
            ?? goesOn
            ?? plan.Run;
        report.Info($"run {run}: {folder}/analysis_results/{run}/config.json");
        return run;
    }

    private async Task StartAsync(string folder, string run, string program, CancellationToken cancellation)
    {
        var runner = Script.Create(
            "runner",
            null,
            folder,
            run,
            plan.StopWhenDone ? "yes" : "no",
            ((long)plan.FetchWithin.TotalSeconds).ToString(CultureInfo.InvariantCulture),
            plan.Machine.RuntimeFolder ?? "",
            program
        );
        await access
            .DoAsync(
                Script.Create(
                    "start",
                    plan.JobRunner,
                    folder,
                    plan.Session,
                    run,
                    runner.Text,
                    program,
                    plan.Machine.RuntimeFolder ?? ""
                ),
                cancellation
            )
            .ConfigureAwait(false);
        if (plan.DryRun)
            return;
        var now = RunStatus.Parse(
            await access
                .RunAsync(RunStatus.ScriptFor(plan.JobRunner, folder, plan.Session, 3), cancellation)
                .ConfigureAwait(false)
        );
        if (now.ExitCode is { } code and not 0)
            throw new RemoteException(
                $"{plan.Machine.Name}: {run} ended at once with {code}: {string.Join("; ", now.LastLines)}"
            );
        foreach (var note in now.Notes)
            report.Info(note);
        report.Info(
            $"{run} {(now.State == RunState.Ended ? "is done already" : now.State == RunState.Waiting ? "waits for its turn" : $"is at work in the session {plan.Session}")}"
        );
    }
}
