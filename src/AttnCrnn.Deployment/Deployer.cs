using System.Globalization;
using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Scripts;
using AttnCrnn.Deployment.Transfer;
using AttnCrnn.Runs;

namespace AttnCrnn.Deployment;

/// <summary>
/// Deploys a training run to another machine and starts it there, in four steps. Each step may be interrupted at any
/// time: repeating the deployment detects completed steps and continues.
/// </summary>
public sealed class Deployer(DeploymentPlan plan, IDeploymentReport report)
{
    private readonly MachineAccess access = new(plan.Machine, report, plan.DryRun);

    /// <summary>Performs the steps that are not complete.</summary>
    /// <exception cref="SessionRunningException">Another run is running in the session.</exception>
    /// <exception cref="InvalidRemoteRequestException">
    /// Another run or deployment uses the folder or the session, or the folder was not created by attn-crnn.
    /// </exception>
    /// <exception cref="RemoteException">
    /// The machine fails or lacks a requirement; the message contains the remedy.
    /// </exception>
    public async Task<DeploymentOutcome> RunAsync(CancellationToken cancellation = default)
    {
        const string checks = "checks and directories",
            upload = "upload",
            environment = "environment",
            training = "training";
        report.Start(1, checks);
        var host = await CheckMachineAsync(cancellation).ConfigureAwait(false);
        var folder = RemoteFolder.MakeAbsolute(plan.Folder, host.Home);
        await using var deploymentLock = await LockAsync(folder, cancellation).ConfigureAwait(false);
        var status = await GetStatusAsync(folder, host, cancellation).ConfigureAwait(false);
        var fingerprint = plan.ComputeFingerprint();
        // Checked before a running session is stopped: a run that cannot be resumed must not replace another.
        var runExists = plan.Resume && await RunExistsAsync(folder, host, cancellation).ConfigureAwait(false);
        var match = await CompareAsync(folder, status, fingerprint, cancellation).ConfigureAwait(false);
        var (outcome, resumedRun) = await DecideAsync(folder, status, match, cancellation).ConfigureAwait(false);
        report.Finish(1, checks);
        if (outcome is not null)
            return outcome;

        report.Start(2, upload);
        var uploader = new DeploymentUpload(plan, access, report, folder, host);
        var (data, initial) = runExists ? ([], null) : (plan.Data, plan.InitialModel);
        var program = await uploader.RunAsync(status, data, initial, cancellation).ConfigureAwait(false);
        if (plan.Resume && !runExists)
            await uploader.CopyRunAsync(cancellation).ConfigureAwait(false);
        report.Finish(2, upload);

        report.Start(3, environment);
        var threads = await CheckProgramAsync(folder, host, program, cancellation).ConfigureAwait(false);
        // A run of another version keeps its own: what it has trained so far was trained with that.
        var keepsConfiguration = runExists || (resumedRun is not null && match == RunMatch.SameConfiguration);
        var configuration = keepsConfiguration ? null : CreateConfiguration(folder, data, initial, threads);
        var record = new RunRecord(
            resumedRun,
            keepsConfiguration ? "" : fingerprint,
            program,
            configuration,
            data,
            initial
        );
        var run = await RecordAsync(folder, record, cancellation).ConfigureAwait(false);
        report.Finish(3, environment);

        report.Start(4, training);
        await StartAsync(folder, run, program, cancellation).ConfigureAwait(false);
        report.Finish(4, training);
        return new(plan.DryRun ? DeploymentResult.DryRun : DeploymentResult.Started, run, folder);
    }

    private async Task<HostInfo> CheckMachineAsync(CancellationToken cancellation)
    {
        LocalPrerequisites.Require(plan.Machine);
        var output = await access.QueryAsync(HostInfo.CreateScript(plan.Folder), cancellation).ConfigureAwait(false);
        ShellOutput.RequireClean(plan.Machine.Name, output);
        var host = HostInfo.Parse(plan.Machine.Name, output);
        report.WriteMessage($"{plan.Machine.Name}: {HostRequirements.Describe(host)}");
        var missing = HostRequirements.FindMissing(host, plan.JobRunner, plan.StopWhenDone).ToList();
        if (missing.Count > 0)
            throw new RemoteException(OptionText.Create($"{plan.Machine.Name}: {OptionText.Join("; ", missing)}"));
        var folder = RemoteFolder.MakeAbsolute(plan.Folder, host.Home);
        RemoteFolder.RequireUsable(plan.Machine.Name, folder, host.Folder);
        var state = host.Folder switch
        {
            FolderState.Deployment => "is an existing deployment folder",
            FolderState.Empty => "is empty: using it as the deployment folder",
            _ => "does not exist: creating it as the deployment folder",
        };
        report.WriteMessage($"{folder} {state}");
        return host;
    }

    private async Task<DeploymentLock?> LockAsync(string folder, CancellationToken cancellation)
    {
        var holder =
            $"{Environment.UserName} on {Environment.MachineName}, process {Environment.ProcessId}, "
            + $"since {DateTime.UtcNow:yyyy-MM-dd HH:mm:ss} UTC";
        var script = DeploymentLock.CreateScript(folder, holder);
        if (!plan.DryRun)
            return await DeploymentLock.AcquireAsync(plan.Machine, script, cancellation).ConfigureAwait(false);
        await access.ExecuteAsync(script, cancellation).ConfigureAwait(false);
        return null;
    }

    // A dry run does not create the folder, so there may be none to query.
    private async Task<RunStatus?> GetStatusAsync(string folder, HostInfo host, CancellationToken cancellation) =>
        plan.DryRun && host.Folder != FolderState.Deployment
            ? null
            : RunStatus.Parse(
                await access
                    .QueryAsync(RunStatus.CreateScript(plan.JobRunner, folder, plan.Session, 1), cancellation)
                    .ConfigureAwait(false)
            );

    private async Task<RunMatch> CompareAsync(
        string folder,
        RunStatus? status,
        string fingerprint,
        CancellationToken cancellation
    )
    {
        if (status?.Run is not { } run)
            return RunMatch.Different;
        if (plan.Resume ? run == plan.Run : status.Fingerprint == fingerprint)
            return RunMatch.Identical;
        if (plan.Resume || plan.MatchesConfiguration is not { } matches)
            return RunMatch.Different;
        var script = Script.Create("configuration", null, folder, run);
        var recorded = await access.QueryAsync(script, cancellation).ConfigureAwait(false);
        return recorded.Length > 0 && matches(recorded, CreateLocation(folder, plan.Data, plan.InitialModel, 0))
            ? RunMatch.SameConfiguration
            : RunMatch.Different;
    }

    /// <returns>The outcome if no step remains; and the run to resume, null for a new run.</returns>
    private async Task<(DeploymentOutcome? Outcome, string? ResumedRun)> DecideAsync(
        string folder,
        RunStatus? status,
        RunMatch match,
        CancellationToken cancellation
    )
    {
        var isSameRun = match != RunMatch.Different;
        if (status is { IsAlive: true } && isSameRun && !plan.Replace)
            return (new(DeploymentResult.AlreadyRunning, status.Run!, folder), null);
        if (status is { IsSessionNameTaken: true })
            throw new InvalidRemoteRequestException(
                OptionText.Create(
                    $"{plan.Machine.Name}: the session {plan.Session} was not started from {folder} (it belongs to "
                        + $"another folder or to you) and is not changed: choose another {RemoteOptionKeys.Name}"
                )
            );
        if (status is { IsAlive: true })
        {
            if (!plan.Replace)
                throw new SessionRunningException(
                    OptionText.Create(
                        $"{plan.Machine.Name}: the session {plan.Session} is already running "
                            + $"({status.Run ?? "not a deployed run"}): show it with {RemoteOptionKeys.Attach}, "
                            + $"end it with {RemoteOptionKeys.Replace}, or choose another {RemoteOptionKeys.Name}"
                    )
                );
            await StopSessionAsync(folder, status, cancellation).ConfigureAwait(false);
            return (null, plan.Resume ? plan.Run : null);
        }
        if (status is { HasSession: true })
        {
            report.WriteMessage(
                $"closing the session of {status.Run}, which ended without being fetched; the results are kept"
            );
            await RemoveSessionAsync(folder, status, cancellation).ConfigureAwait(false);
        }
        if (plan.Resume)
            return (null, plan.Run);
        if (!isSameRun || plan.Replace)
            return (null, null);
        if (status is { ExitCode: 0, HasReport: true })
            return (new(DeploymentResult.AlreadyDone, status.Run!, folder), null);
        report.WriteMessage($"{status!.Run} is unfinished: resuming it");
        return (null, status.Run);
    }

    private async Task StopSessionAsync(string folder, RunStatus status, CancellationToken cancellation)
    {
        report.WriteMessage(
            $"the session {plan.Session} is running ({status.Run ?? "not a deployed run"}): requesting it to stop"
        );
        if (status.Run is { } run)
            await access
                .ExecuteAsync(RunStop.CreateScript(plan.JobRunner, folder, plan.Session, run, plan.Grace), cancellation)
                .ConfigureAwait(false);
        await RemoveSessionAsync(folder, status, cancellation).ConfigureAwait(false);
    }

    private Task<string> RemoveSessionAsync(string folder, RunStatus status, CancellationToken cancellation) =>
        access.ExecuteAsync(
            Script.Create("remove", plan.JobRunner, folder, plan.Session, status.Run ?? ""),
            cancellation
        );

    /// <returns>The number of threads that a process may use on the machine.</returns>
    private async Task<int> CheckProgramAsync(
        string folder,
        HostInfo host,
        string program,
        CancellationToken cancellation
    )
    {
        var script = Script.Create("doctor", null, folder, program, plan.Machine.RuntimeFolder ?? "");
        var output = await access.ExecuteAsync(script, cancellation).ConfigureAwait(false);
        if (plan.DryRun)
            return plan.JobRunner.Processors ?? host.Processors;
        var doctor = DoctorReport.Parse(plan.Machine.Name, output);
        foreach (var line in doctor.Lines)
            report.WriteMessage(line);
        if (doctor.Version != plan.Program.Version)
            report.WriteMessage($"the remote program is version {doctor.Version}, this one {plan.Program.Version}");
        report.WriteMessage(
            string.Create(
                CultureInfo.InvariantCulture,
                $"the run may use {doctor.Threads} threads and {doctor.MemoryBytes / (double)(1 << 30):0.0} GiB"
            )
        );
        return plan.JobRunner.Processors ?? doctor.Threads;
    }

    private async Task<bool> RunExistsAsync(string folder, HostInfo host, CancellationToken cancellation)
    {
        if (plan.DryRun && host.Folder != FolderState.Deployment)
            return false;
        var script = Script.Create("has_run", plan.JobRunner, folder, plan.Run, plan.Session);
        var pairs = new KeyValueOutput(await access.QueryAsync(script, cancellation).ConfigureAwait(false));
        if (pairs["exists"] == "yes")
            return true;
        if (plan.LocalCopy is null)
        {
            var existingRuns = string.Join(", ", pairs.GetAll("run").DefaultIfEmpty("none"));
            throw new InvalidRemoteRequestException(
                $"{plan.Machine.Name}: no run {plan.Run} in {folder} nor on this machine; existing runs: {existingRuns}"
            );
        }
        report.WriteMessage($"{plan.Run} no longer exists on the machine: uploading the local copy");
        return false;
    }

    private string? CreateConfiguration(
        string folder,
        IReadOnlyList<DataFolder> data,
        InitialModel? initial,
        int threads
    ) => plan.Configuration?.Invoke(CreateLocation(folder, data, initial, threads));

    private static RunLocation CreateLocation(
        string folder,
        IReadOnlyList<DataFolder> data,
        InitialModel? initial,
        int threads
    ) =>
        new(
            folder,
            [.. data.Select(dataFolder => $"{folder}/{dataFolder.RemoteName}")],
            initial is null ? null : $"{folder}/{initial.RemoteName}",
            threads
        );

    private async Task<string> RecordAsync(string folder, RunRecord record, CancellationToken cancellation)
    {
        var resumedRun = record.ResumedRun;
        var data = record.Data;
        var initial = record.InitialModel;
        var origin = data.Count == 0 && initial is null ? "" : DataOrigin.FormatJson(folder, data, initial);
        var script = Script.Create(
            "record",
            null,
            folder,
            plan.Session,
            resumedRun ?? plan.Run,
            resumedRun is null ? "yes" : "no",
            record.Fingerprint,
            record.Configuration ?? "",
            origin,
            string.Concat(data.Select(dataFolder => dataFolder.RemoteName + "\n")),
            record.Program
        );
        var output = await access.ExecuteAsync(script, cancellation).ConfigureAwait(false);
        var run = new KeyValueOutput(output)["run"] ?? resumedRun ?? plan.Run;
        report.WriteMessage($"run {run}: {folder}/{RunFolders.Analysis}/{run}/{RunFolders.Configuration}");
        return run;
    }

    private async Task StartAsync(string folder, string run, string program, CancellationToken cancellation)
    {
        var runtime = plan.Machine.RuntimeFolder ?? "";
        var runner = Script.Create(
            "runner",
            null,
            folder,
            run,
            plan.StopWhenDone ? "yes" : "no",
            ((long)plan.FetchWithin.TotalSeconds).ToString(CultureInfo.InvariantCulture),
            runtime,
            program
        );
        var start = Script.Create("start", plan.JobRunner, folder, plan.Session, run, runner.Text, program, runtime);
        await access.ExecuteAsync(start, cancellation).ConfigureAwait(false);
        if (plan.DryRun)
            return;
        var status = RunStatus.Parse(
            await access
                .QueryAsync(RunStatus.CreateScript(plan.JobRunner, folder, plan.Session, 3), cancellation)
                .ConfigureAwait(false)
        );
        if (status.ExitCode is { } code and not 0)
            throw new RemoteException(
                $"{plan.Machine.Name}: {run} ended immediately with {code}: {string.Join("; ", status.LastLines)}"
            );
        foreach (var note in status.Notes)
            report.WriteMessage(note.ToString());
        var state = status.State switch
        {
            RunState.Ended => "has already ended",
            RunState.Waiting => "is waiting in the queue",
            _ => $"is running in the session {plan.Session}",
        };
        report.WriteMessage($"{run} {state}");
    }
}
