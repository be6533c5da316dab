using System.CommandLine;
using System.Diagnostics;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Deployment;
using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Evaluation;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Commands.Remote;

/// <summary>Uploads a training to another machine and starts it there.</summary>
internal sealed class DeployCommand : CliCommand
{
    private readonly Argument<string[]> words;
    private readonly RemoteFlags remote;
    private readonly ClusterFlags cluster;
    private readonly Option<string?> program;
    private readonly Option<string?> resume;
    private readonly Option<bool> init;
    private readonly Option<bool> dryRun;
    private readonly Option<bool> attach;
    private readonly Option<bool> replace;
    private readonly Option<bool> stopWhenDone;
    private readonly Option<double?> fetchWithin;
    private readonly Option<double?> grace;
    private bool asks; // --init, which does not connect to the machine

    public DeployCommand()
        : base(
            "deploy",
            "Train on another machine: upload program and features, and start train there in a tmux session. "
                + "Options of train follow --."
        )
    {
        words = Arguments(
            "-- TRAIN FLAGS",
            "Options of train; --data_dirs are folders on this machine. "
                + "With --to slurm, a second -- is followed by sources on the cluster and options of extract.",
            required: false
        );
        remote = RemoteFlags();
        cluster = new(
            Flags(
                "--sbatch",
                "With --to slurm, options of sbatch (OPTION=VALUE…), for example partition=long time=04:00:00; "
                    + "cpus-per-task is 4 by default."
            ),
            Flag<int?>(
                "--shards",
                "With --to slurm and an extraction, its number of tasks, from 1 to 1000; by default 8.",
                null
            )
        );
        program = Flag<string?>(
            "--program",
            "Folder of the program to upload; by default this one, or one published from the clone it was built in.",
            null
        );
        resume = Flag<string?>("--resume", "Resume this run, which is on the machine or was fetched here.", null);
        init = Flag("--init", $"Ask for the settings and write {DeploySettings.FileName}.", false);
        dryRun = Flag("--dry_run", "Print every command; query the machine without changing anything on it.", false);
        attach = Flag("--attach", "Attach to the session that is running or has been started.", false);
        replace = Flag("--replace", "Stop a running session, after a checkpoint, and repeat a finished run.", false);
        grace = Flag<double?>(
            "--grace",
            "Time for a replaced run to end before it is killed, in seconds, from 0 to 86400; by default 60.",
            null
        );
        stopWhenDone = Flag("--stop_when_done", "Shut the machine down once the results have been fetched.", false);
        fetchWithin = Flag<double?>(
            "--fetch_within",
            "With --stop_when_done, shut down this long after the end in any case, in hours, from 0 to 8760; "
                + "by default 24.",
            null
        );
    }

    public override string WhenInterrupted =>
        asks ? "" : "leaving; what was done on the machine stays, and the same command resumes from it";

    public override int Run(ParseResult given, ConsoleOutput console, CancellationToken cancellationToken)
    {
        asks = given.GetValue(init);
        if (asks)
            return DeployInit.Ask(console, Console.In, Environment.CurrentDirectory, cancellationToken);
        if (given.GetValue(attach) && (Console.IsInputRedirected || Console.IsOutputRedirected))
            throw new UsageException("--attach needs a terminal");
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
                "--stop_when_done and --attach cannot be used with --to slurm: "
                    + "a cluster stays on, and a job has no session"
            );
        if (within is not null && !plan.StopWhenDone)
            throw new UsageException("--fetch_within requires --stop_when_done");
        if (given.GetValue(resume) is { } run)
        {
            if (given.GetValue(words)!.Length > 0)
                throw new UsageException("--resume uses the configuration of the run: leave out what follows --");
            return Resumed(
                plan with
                {
                    JobRunner = cluster.Apply(target.JobRunner, given, settings, []),
                },
                new(Environment.CurrentDirectory, Path.GetFileName(run.TrimEnd('/')))
            );
        }
        var (train, extract) = SplitArguments(given.GetValue(words)!);
        extract = ExtractRequest.Check(extract.Length > 0 ? extract : [.. settings.ExtractWords()]);
        var jobRunner = cluster.Apply(target.JobRunner, given, settings, extract);
        var request = new TrainRequest(train, settings);
        if (jobRunner is SlurmJobRunner { Extraction: { } extraction })
            return Extracting(plan with { JobRunner = jobRunner }, request, extraction);
        var options = request.Check();
        return plan with
        {
            JobRunner = jobRunner,
            Run = CreateRunName(options),
            Data = request.Data,
            Initial = request.Initial,
            Configuration = request.ConfigurationAt,
        };
    }

    private static DeploymentPlan Extracting(DeploymentPlan plan, TrainRequest request, ClusterExtraction extraction) =>
        plan with
        {
            Run = CreateRunName(request.CheckWithoutData()),
            Initial = request.Initial,
            Configuration = place =>
                request.ConfigurationAt(place with { DataFolders = [$"{place.Folder}/{extraction.Store}"] }),
        };

    private static string CreateRunName(ExperimentOptions options) =>
        $"attn_crnn_{options.Training.Model}_{TimeProvider.System.GetLocalNow():yyyyMMdd_HHmmss}";

    // The arguments of train, and after a second -- those of extract.
    private static (string[] Train, string[] Extract) SplitArguments(string[] words)
    {
        var second = Array.IndexOf(words, "--");
        return second < 0 ? (words, []) : (words[..second], words[(second + 1)..]);
    }

    private static DeploymentPlan Resumed(DeploymentPlan plan, RunDirectory copy)
    {
        plan = plan with { Run = copy.Name, Resume = true };
        if (!File.Exists(copy.Configuration))
            return plan;
        var request = TrainRequest.FromRun(copy);
        // Features are not needed here: if the run is still on the machine, they are as well.
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
                console.Info("nothing was changed on the machine: this was a dry run");
                return;
            case DeploymentResult.AlreadyRunning:
                console.Info($"{outcome.Run} is the same training and is at work already: nothing to do");
                break;
            case DeploymentResult.AlreadyDone:
                console.Info($"{outcome.Run} is the same training and is done: fetch it, or repeat it with --replace");
                break;
        }
        if (plan.StopWhenDone && outcome.Result != DeploymentResult.Started)
            console.Info(
                "--stop_when_done must be given when a run is started: "
                    + "the machine stays on, unless that run was started with it"
            );
        console.Result($"run      {outcome.Run}");
        console.Result($"session  {target.Session} on {target.Machine.Name}, {outcome.Folder}");
        console.Result($"watch    attn-crnn monitor -c{target.Same}");
        console.Result($"fetch    attn-crnn fetch{target.Same}");
    }

    private static int Attach(ConsoleOutput console, RemoteTarget target)
    {
        // A run can be active without its session, and another session can have the name.
        if (target.JobRunner is TmuxJobRunner && !target.Query().StatusAsync(1).GetAwaiter().GetResult().HasSession)
            throw new InvalidRemoteRequestException(
                $"{target.Machine.Name}: the run has no session {target.Session}; "
                    + $"its log is shown by: attn-crnn monitor -c{target.Same}"
            );
        console.Info("Ctrl-b d leaves the session; Ctrl-C in it ends the training, with a checkpoint");
        var command = target.Machine.Interactive(
            target.JobRunner.Attach(target.Session)
                ?? throw new UsageException($"--attach: {target.JobRunner.Name} has no session to attach to")
        );
        using var process = Process.Start(new ProcessStartInfo(command.Program, command.Arguments))!;
        process.WaitForExit();
        return process.ExitCode == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
