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
    private readonly Argument<string[]> trainArguments;
    private readonly RemoteOptions remoteOptions;
    private readonly ClusterOptions clusterOptions;
    private readonly Option<string?> program;
    private readonly Option<string?> resume;
    private readonly Option<bool> init;
    private readonly Option<bool> dryRun;
    private readonly Option<bool> attach;
    private readonly Option<bool> replace;
    private readonly Option<bool> stopWhenDone;
    private readonly Option<double?> fetchWithin;
    private readonly Option<double?> grace;
    private bool isInteractiveInit; // --init does not connect to the machine, so there is nothing to continue

    public DeployCommand()
        : base(
            "deploy",
            "Train on another machine: upload program and features, and start train there in a tmux session. "
                + "Options of train follow --."
        )
    {
        trainArguments = AddArguments(
            "-- TRAIN OPTIONS",
            "Options of train; --data_dirs are folders on this machine. "
                + "With --to slurm, a second -- is followed by sources on the cluster and options of extract.",
            required: false
        );
        remoteOptions = AddRemoteOptions();
        clusterOptions = new(
            AddMultiValueOption(
                "--sbatch",
                "With --to slurm, options of sbatch (OPTION=VALUE…), for example partition=long time=04:00:00; "
                    + "cpus-per-task is 4 by default."
            ),
            AddOption<int?>(
                "--shards",
                "With --to slurm and an extraction, its number of tasks, from 1 to 1000; by default 8.",
                null
            )
        );
        program = AddOption<string?>(
            "--program",
            "Folder of the program to upload; by default this program, or one published from the clone it was "
                + "built in.",
            null
        );
        resume = AddOption<string?>(
            "--resume",
            "Resume this run, which is on the machine or was fetched to this one.",
            null
        );
        init = AddOption("--init", $"Ask for the settings and write {DeploySettings.FileName}.", false);
        dryRun = AddOption(
            "--dry_run",
            "Print every command; query the machine without changing anything on it.",
            false
        );
        attach = AddOption("--attach", "Attach to the session that is running or has been started.", false);
        replace = AddOption(
            "--replace",
            "Stop a running session, after a checkpoint, and repeat a finished run.",
            false
        );
        grace = AddOption<double?>(
            "--grace",
            "Time for a replaced run to end before it is killed, in seconds, from 0 to 86400; by default 60.",
            null
        );
        stopWhenDone = AddOption(
            "--stop_when_done",
            "Shut the machine down once the results have been fetched.",
            false
        );
        fetchWithin = AddOption<double?>(
            "--fetch_within",
            "With --stop_when_done, shut down this long after the end even if nothing was fetched, in hours, "
                + "from 0 to 8760; "
                + "by default 24.",
            null
        );
    }

    public override string InterruptMessage =>
        isInteractiveInit ? "" : "interrupted; completed steps are kept: run the same command again to continue";

    public override int Run(ParseResult parseResult, ConsoleOutput console, CancellationToken cancellationToken)
    {
        isInteractiveInit = parseResult.GetValue(init);
        if (isInteractiveInit)
            return DeployInit.Ask(console, Console.In, Environment.CurrentDirectory, cancellationToken);
        if (parseResult.GetValue(attach) && (Console.IsInputRedirected || Console.IsOutputRedirected))
            throw new UsageException("--attach needs a terminal");
        var settings = DeploySettings.Read(Environment.CurrentDirectory);
        var target = remoteOptions.Read(parseResult, settings);
        var plan = CreatePlan(parseResult, settings, target);
        DeploymentOutcome outcome;
        try
        {
            outcome = new Deployer(plan, new StepReport(console, TimeProvider.System))
                .RunAsync(cancellationToken)
                .GetAwaiter()
                .GetResult();
        }
        catch (SessionRunningException exception) when (parseResult.GetValue(attach))
        {
            console.WriteMessage(exception.Message);
            return Attach(console, target);
        }
        PrintOutcome(console, plan, target, outcome);
        return
            parseResult.GetValue(attach)
            && outcome.Result is DeploymentResult.Started or DeploymentResult.AlreadyRunning
            ? Attach(console, target)
            : ExitCode.Success;
    }

    private DeploymentPlan CreatePlan(ParseResult parseResult, DeploySettings settings, RemoteTarget target)
    {
        var fetchWithinHours = settings.GetDouble(parseResult, fetchWithin);
        var graceSeconds = parseResult.GetValue(grace) ?? 60;
        if (fetchWithinHours is < 0 or > 8760)
            throw new UsageException($"--fetch_within {fetchWithinHours}: expected 0 to 8760 hours");
        if (graceSeconds is < 0 or > 86400)
            throw new UsageException($"--grace {graceSeconds}: expected 0 to 86400 seconds");
        var plan = new DeploymentPlan
        {
            Machine = target.Machine,
            JobRunner = target.JobRunner,
            Folder = target.Folder,
            Session = target.Session,
            Run = "",
            Program = new(settings.GetString(parseResult, program), AppContext.BaseDirectory, TrainingSession.Version),
            Replace = parseResult.GetValue(replace),
            Grace = TimeSpan.FromSeconds(graceSeconds),
            StopWhenDone = settings.GetBoolean(parseResult, stopWhenDone),
            FetchWithin = TimeSpan.FromHours(fetchWithinHours ?? 24),
            DryRun = parseResult.GetValue(dryRun),
        };
        if (target.JobRunner is SlurmJobRunner && (plan.StopWhenDone || parseResult.GetValue(attach)))
            throw new UsageException(
                "--stop_when_done and --attach cannot be used with --to slurm: "
                    + "a cluster is not shut down, and a job has no session"
            );
        if (fetchWithinHours is not null && !plan.StopWhenDone)
            throw new UsageException("--fetch_within requires --stop_when_done");
        if (parseResult.GetValue(resume) is { } run)
        {
            if (parseResult.GetValue(trainArguments)!.Length > 0)
                throw new UsageException("--resume uses the configuration of the run: omit the options after --");
            return CreateResumePlan(
                plan with
                {
                    JobRunner = clusterOptions.Apply(target.JobRunner, parseResult, settings, []),
                },
                new(Environment.CurrentDirectory, Path.GetFileName(run.TrimEnd('/')))
            );
        }
        var (train, extract) = SplitArguments(parseResult.GetValue(trainArguments)!);
        extract = ExtractRequest.Check(extract.Length > 0 ? extract : [.. settings.GetExtractArguments()]);
        var jobRunner = clusterOptions.Apply(target.JobRunner, parseResult, settings, extract);
        var request = new TrainRequest(train, settings);
        if (jobRunner is SlurmJobRunner { Extraction: { } extraction })
            return CreateExtractionPlan(plan with { JobRunner = jobRunner }, request, extraction);
        var options = request.Check();
        return plan with
        {
            JobRunner = jobRunner,
            Run = CreateRunName(options),
            Data = request.Data,
            InitialModel = request.InitialModel,
            Configuration = request.CreateRemoteConfiguration,
        };
    }

    private static DeploymentPlan CreateExtractionPlan(
        DeploymentPlan plan,
        TrainRequest request,
        ClusterExtraction extraction
    ) =>
        plan with
        {
            Run = CreateRunName(request.CheckWithoutData()),
            InitialModel = request.InitialModel,
            Configuration = location =>
                request.CreateRemoteConfiguration(
                    location with
                    {
                        DataFolders = [$"{location.Folder}/{extraction.Store}"],
                    }
                ),
        };

    private static string CreateRunName(ExperimentOptions options) =>
        $"attn_crnn_{options.Training.Model}_{TimeProvider.System.GetLocalNow():yyyyMMdd_HHmmss}";

    // The arguments of train, and after a second -- the arguments of extract.
    private static (string[] Train, string[] Extract) SplitArguments(string[] arguments)
    {
        var separatorIndex = Array.IndexOf(arguments, "--");
        return separatorIndex < 0 ? (arguments, []) : (arguments[..separatorIndex], arguments[(separatorIndex + 1)..]);
    }

    private static DeploymentPlan CreateResumePlan(DeploymentPlan plan, RunDirectory localCopy)
    {
        plan = plan with
        {
            Run = localCopy.Name,

            Resume = true,
        };
        if (!File.Exists(localCopy.Configuration))
            return plan;
        var request = TrainRequest.FromRun(localCopy);
        // Without local features the run can only be resumed if it is still on the machine, with its uploaded features.
        return request.HasData
            ? plan with
            {
                LocalCopy = localCopy.WorkFolder,
                Data = request.Data,
                InitialModel = request.InitialModel,
                Configuration = request.CreateRemoteConfiguration,
            }
            : plan;
    }

    private static void PrintOutcome(
        ConsoleOutput console,
        DeploymentPlan plan,
        RemoteTarget target,
        DeploymentOutcome outcome
    )
    {
        switch (outcome.Result)
        {
            case DeploymentResult.DryRun:
                console.WriteMessage("nothing was changed on the machine: this was a dry run");
                return;
            case DeploymentResult.AlreadyRunning:
                console.WriteMessage($"{outcome.Run} is the same training and is already running; nothing to do");
                break;
            case DeploymentResult.AlreadyDone:
                console.WriteMessage(
                    $"{outcome.Run} is the same training and has finished: fetch it, or repeat it with --replace"
                );
                break;
        }
        if (plan.StopWhenDone && outcome.Result != DeploymentResult.Started)
            console.WriteMessage(
                "--stop_when_done applies only when a run is started: "
                    + "the machine will not be shut down, unless that run was started with the option"
            );
        console.WriteResult($"run      {outcome.Run}");
        console.WriteResult($"session  {target.Session} on {target.Machine.Name}, {outcome.Folder}");
        console.WriteResult($"watch    attn-crnn monitor -c{target.SelectionArguments}");
        console.WriteResult($"fetch    attn-crnn fetch{target.SelectionArguments}");
    }

    private static int Attach(ConsoleOutput console, RemoteTarget target)
    {
        // A run can be active without its session, and another session can have the name.
        if (
            target.JobRunner is TmuxJobRunner
            && !target.CreateQuery().GetStatusAsync(1).GetAwaiter().GetResult().HasSession
        )
            throw new InvalidRemoteRequestException(
                $"{target.Machine.Name}: the run has no session {target.Session}; "
                    + $"its log is shown by: attn-crnn monitor -c{target.SelectionArguments}"
            );
        console.WriteMessage("Ctrl-b d detaches from the session; Ctrl-C in it ends the training after a checkpoint");
        var command = target.Machine.CreateInteractiveCall(
            target.JobRunner.CreateAttachCommand(target.Session)
                ?? throw new UsageException($"--attach: {target.JobRunner.Name} has no session to attach to")
        );
        using var process = Process.Start(new ProcessStartInfo(command.Program, command.Arguments))!;
        process.WaitForExit();
        return process.ExitCode == 0 ? ExitCode.Success : ExitCode.Failure;
    }
}
