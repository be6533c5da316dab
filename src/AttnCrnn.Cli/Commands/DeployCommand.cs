using System.CommandLine;
using System.Diagnostics;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Deployment;
using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Scripts;
using AttnCrnn.Evaluation;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Commands;

/// <summary>Brings a training to another machine and starts it there.</summary>
internal sealed class DeployCommand : CliCommand
{
    private readonly Argument<string[]> words;
    private readonly RemoteFlags remote;
    private readonly ClusterFlags cluster;
    private readonly Option<string?> program,
        resume;
    private readonly Option<bool> init,
        dryRun,
        attach,
        replace,
        stopWhenDone;
    private readonly Option<double?> fetchWithin,
        grace;
    private bool asks; // --init, which does nothing there

    public DeployCommand()
        : base(
            "deploy",
            "Trains on another machine: uploads program and features, and starts train there in a tmux session. Train's flags stand behind --."
        )
    {
        words = Arguments(
            "-- TRAIN FLAGS",
            "train's own; --data_dirs are folders here. With --to slurm, behind a second -- sources there and flags of extract",
            required: false
        );
        remote = RemoteFlags();
        cluster = new(
            Flags(
                "--sbatch",
                "OPTION=VALUE…: with --to slurm, what is asked of the cluster, as partition=long time=04:00:00; cpus-per-task is 4 where it is not said"
            ),
            Flag<int?>("--shards", "N: with --to slurm and an extraction, in how many tasks; by default 8", null)
        );
        program = Flag<string?>(
            "--program",
            "DIR: the program to upload; by default this one, or one that is published from the clone it was built in",
            null
        );
        resume = Flag<string?>("--resume", "RUN: goes on with a run that is there, or that was fetched here", null);
        init = Flag("--init", $"asks for the settings and writes {DeploySettings.FileName}", false);
        dryRun = Flag("--dry_run", "prints every command; asks the machine, and changes nothing on it", false);
        attach = Flag("--attach", "shows the session, where one is running or when it is started", false);
        replace = Flag(
            "--replace",
            "ends a session that is running, with a checkpoint, and does again what is done",
            false
        );
        grace = Flag<double?>("--grace", "S: how long a run that is replaced may take to end; by default 60", null);
        stopWhenDone = Flag("--stop_when_done", "switches the machine off when the results were fetched", false);
        fetchWithin = Flag<double?>(
            "--fetch_within",
            "HOURS: with --stop_when_done, switches it off that long after the end in any case; by default 24",
            null
        );
    }

    public override string WhenInterrupted =>
        asks ? "" : "leaving; what was done there stays, and the same command goes on from it";

    public override int Run(ParseResult given, ConsoleOutput console, CancellationToken cancellationToken)
    {
        asks = given.GetValue(init);
        if (asks)
            return DeployInit.Ask(console, Console.In, Environment.CurrentDirectory, cancellationToken);
        if (given.GetValue(attach) && (Console.IsInputRedirected || Console.IsOutputRedirected))
            throw new UsageException("--attach shows a session, and this is no terminal");
        var settings = DeploySettings.Read(Environment.CurrentDirectory);
        var target = remote.Read(given, settings);
        var plan = Plan(given, settings, target);
        DeploymentOutcome outcome;
        try
        {
            outcome = new Deployer(plan, new StepReport(console, TimeProvider.System))
                .RunAsync(cancellationToken)
                .GetAwaiter()
                .GetResult();
        }
        catch (SessionRunningException fault) when (given.GetValue(attach))
        {
            console.Info(fault.Message);
            return Attach(console, target);
        }
        Tell(console, plan, target, outcome);
        return given.GetValue(attach) && outcome.Result is DeploymentResult.Started or DeploymentResult.AlreadyRunning
            ? Attach(console, target)
            : ExitCode.Done;
    }

    private DeploymentPlan Plan(ParseResult given, DeploySettings settings, RemoteTarget target)
    {
        var within = settings.Real(given, fetchWithin);
        var waits = given.GetValue(grace) ?? 60;
        if (within is < 0 or > 8760)
            throw new UsageException($"--fetch_within {within}: expected 0 to 8760 hours");
        if (waits is < 0 or > 86400)
            throw new UsageException($"--grace {waits}: expected 0 to 86400 seconds");
        var plan = new DeploymentPlan
        {
            Machine = target.Machine,
            JobRunner = target.JobRunner,
            Folder = target.Folder,
            Session = target.Session,
            Run = "",
            Program = new(settings.Text(given, program), AppContext.BaseDirectory, TrainingSession.Version),
            Replace = given.GetValue(replace),
            Grace = TimeSpan.FromSeconds(waits),
            StopWhenDone = settings.Switch(given, stopWhenDone),
            FetchWithin = TimeSpan.FromHours(within ?? 24),
            DryRun = given.GetValue(dryRun),
        };
        if (target.JobRunner is SlurmJobRunner && (plan.StopWhenDone || given.GetValue(attach)))
            throw new UsageException(
                "--stop_when_done and --attach do not go with --to slurm: a cluster stays on, and a job has no session to look at"
            );
        if (within is not null && !plan.StopWhenDone)
            throw new UsageException("--fetch_within goes with --stop_when_done");
        if (given.GetValue(resume) is { } run)
        {
            if (given.GetValue(words)!.Length > 0)
                throw new UsageException(
                    "--resume goes on with the run's own configuration: leave out what stands behind --"
                );
            return Resumed(
                plan with
                {
                    JobRunner = cluster.Apply(target.JobRunner, given, settings, []),
                },
                new(Environment.CurrentDirectory, Path.GetFileName(run.TrimEnd('/')))
            );
        }
        var (train, extract) = Parts(given.GetValue(words)!);
        extract = ExtractRequest.Check(extract.Length > 0 ? extract : [.. settings.ExtractWords()]);
        var jobRunner = cluster.Apply(target.JobRunner, given, settings, extract);
        var request = new TrainRequest(train, settings);
        if (jobRunner is SlurmJobRunner { Extraction: { } extraction })
            return Extracting(plan with { JobRunner = jobRunner }, request, extraction);
        var options = request.Check();
        return plan with
        {
            JobRunner = jobRunner,
            Run = NameOf(options),
            Data = request.Data,
            Initial = request.Initial,
            Configuration = request.ConfigurationAt,
        };
    }

    private static DeploymentPlan Extracting(DeploymentPlan plan, TrainRequest request, ClusterExtraction extraction) =>
        plan with
        {
            Run = NameOf(request.CheckWithoutData()),
            Initial = request.Initial,
            Configuration = place =>
                request.ConfigurationAt(place with { DataFolders = [$"{place.Folder}/{extraction.Store}"] }),
        };

    private static string NameOf(ExperimentOptions options) =>
        $"attn_crnn_{options.Training.Model}_{TimeProvider.System.GetLocalNow():yyyyMMdd_HHmmss}";

    // Train's words, and behind a second -- those of extract.
    private static (string[] Train, string[] Extract) Parts(string[] words)
    {
        var second = Array.IndexOf(words, "--");
        return second < 0 ? (words, []) : (words[..second], words[(second + 1)..]);
    }

    private static DeploymentPlan Resumed(DeploymentPlan plan, RunDirectory copy)
    {
        plan = plan with { Run = copy.Name, Resume = true };
        if (!File.Exists(copy.Configuration))
            return plan;
        var request = TrainRequest.Of(copy);
        // Features that are not here need not be: where the run is there still, they are as well.
        return request.HasData
            ? plan with
            {
                Copy = copy.WorkFolder,
                Data = request.Data,
                Initial = request.Initial,
                Configuration = request.ConfigurationAt,
            }
            : plan;
    }

    private static void Tell(ConsoleOutput console, DeploymentPlan plan, RemoteTarget target, DeploymentOutcome outcome)
    {
        switch (outcome.Result)
        {
            case DeploymentResult.DryRun:
                console.Info("nothing was changed there: this was --dry_run");
                return;
            case DeploymentResult.AlreadyRunning:
                console.Info($"{outcome.Run} is this very training and is at work already: nothing to do");
                break;
            case DeploymentResult.AlreadyDone:
                console.Info(
                    $"{outcome.Run} is this very training and is done: fetch it, or do it again with --replace"
                );
                break;
        }
        if (plan.StopWhenDone && outcome.Result != DeploymentResult.Started)
            console.Info(
                "--stop_when_done goes with a run from its start: the machine stays on, unless that run was started with it"
            );
        console.Result($"run      {outcome.Run}");
        console.Result($"session  {target.Session} on {target.Machine.Name}, {outcome.Folder}");
        console.Result($"watch    attn-crnn monitor -c{target.Same}");
        console.Result($"fetch    attn-crnn fetch{target.Same}");
    }

    private static int Attach(ConsoleOutput console, RemoteTarget target)
    {
        // A run may be at work without its session, and another's may have the name.
        if (target.JobRunner is TmuxJobRunner && !target.Query().StatusAsync(1).GetAwaiter().GetResult().Session)
            throw new RemoteRefusedException(
                $"{target.Machine.Name}: the run has no session {target.Session} to look at; its log is shown by: attn-crnn monitor -c{target.Same}"
            );
        console.Info("Ctrl-b d leaves the session; Ctrl-C in it ends the training, with a checkpoint");
        var command = target.Machine.Interactive(
            target.JobRunner.Attach(target.Session)
                ?? throw new UsageException($"--attach: there is nothing to see with {target.JobRunner.Name}")
        );
        using var process = Process.Start(new ProcessStartInfo(command.Program, command.Arguments))!;
        process.WaitForExit();
        return process.ExitCode == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
