using System.Diagnostics;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Deployment;
using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Models;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Commands.Remote;

/// <summary>Uploads a training to another machine and starts it there.</summary>
internal sealed class DeployCommand : RemoteCommand<DeployCommandSettings>
{
    private const string Train = "train";

    private bool isInteractiveInit; // --init does not connect to the machine, so there is nothing to continue

    public DeployCommand()
        : base(
            "deploy",
            "Train on another machine: upload program and features, and start train there in a tmux session. "
                + "Options of train follow --.",
            DeployCommandSettings.Options,
            new(
                "-- TRAIN OPTIONS",
                "Options of train; --data_dirs are folders on this machine. "
                    + "With --to slurm, a second -- is followed by sources on the cluster and options of extract.",
                IsRequired: false
            )
        ) { }

    public override string InterruptMessage =>
        isInteractiveInit ? "" : "interrupted; completed steps are kept: run the same command again to continue";

    public override async Task<int> RunAsync(
        DeployCommandSettings settings,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        isInteractiveInit = settings.Init;
        if (isInteractiveInit)
            return await DeployInit
                .AskAsync(console, Console.In, Environment.CurrentDirectory, cancellationToken)
                .ConfigureAwait(false);
        if (settings.Attach && (Console.IsInputRedirected || Console.IsOutputRedirected))
            throw new UsageException("--attach needs a terminal");
        var target = settings.CreateTarget();
        var plan = CreatePlan(settings, target, console);
        DeploymentOutcome outcome;
        try
        {
            outcome = await new Deployer(plan, new StepReport(console, TimeProvider.System))
                .RunAsync(cancellationToken)
                .ConfigureAwait(false);
        }
        catch (SessionRunningException exception) when (settings.Attach)
        {
            console.WriteMessage(exception.Text.Format(OptionParser.FormatKey));
            return await AttachAsync(console, target).ConfigureAwait(false);
        }
        PrintOutcome(console, plan, target, outcome);
        return settings.Attach && outcome.Result is DeploymentResult.Started or DeploymentResult.AlreadyRunning
            ? await AttachAsync(console, target).ConfigureAwait(false)
            : ExitCode.Success;
    }

    protected override DeployCommandSettings ParseNested(DeployCommandSettings settings, UsageErrors errors)
    {
        if (settings.Init || settings.Resume is not null)
            return settings;
        var (train, extract) = SplitArguments([.. settings.Arguments]);
        if (extract.Length == 0)
            extract = [.. settings.File.GetExtractArguments()];
        var extractErrors = new UsageErrors();
        ExtractRequest.Check(extract, extractErrors);
        errors.Add(extractErrors, "extract");
        var trainErrors = new UsageErrors();
        var request = new TrainRequest(train, settings.File, trainErrors);
        errors.Add(trainErrors, Train);
        return settings with
        {
            Train = request,

            Extract = extract,
        };
    }

    private static DeploymentPlan CreatePlan(DeployCommandSettings settings, RemoteTarget target, ConsoleOutput console)
    {
        var plan = new DeploymentPlan
        {
            Machine = target.Machine,
            JobRunner = target.JobRunner,
            Folder = target.Folder,
            Session = target.Session,
            Run = "",
            Program = new(settings.Program, AppContext.BaseDirectory, RunProgram.Current.Version),
            Replace = settings.Replace,
            Grace = TimeSpan.FromSeconds(settings.GraceSeconds),
            StopWhenDone = settings.StopWhenDone,
            FetchWithin = TimeSpan.FromHours(
                settings.FetchWithinHours ?? DeployCommandSettings.DefaultFetchWithinHours
            ),
            DryRun = settings.DryRun,
        };
        settings.RequireConsistent(target.JobRunner is SlurmJobRunner);
        if (settings.Resume is { } run)
        {
            if (settings.Arguments.Count > 0)
                throw new UsageException("--resume uses the configuration of the run: omit the options after --");
            return CreateResumePlan(
                plan with
                {
                    JobRunner = settings.ApplyClusterOptions(target.JobRunner, []),
                },
                RunDirectory.Open(Environment.CurrentDirectory, run),
                console
            );
        }
        var jobRunner = settings.ApplyClusterOptions(target.JobRunner, settings.Extract);
        var request = settings.Train!; // given without --resume
        if (jobRunner is SlurmJobRunner { Extraction: { } extraction })
            return CreateExtractionPlan(plan with { JobRunner = jobRunner }, request, extraction);
        var configuration = UsageException.Within(Train, request.Check);
        return plan with
        {
            JobRunner = jobRunner,
            Run = CreateRunName(configuration),
            Data = request.Data,
            InitialModel = request.InitialModel,
            Configuration = request.CreateRemoteConfiguration,
            MatchesConfiguration = request.MatchesConfiguration,
        };
    }

    private static DeploymentPlan CreateExtractionPlan(
        DeploymentPlan plan,
        TrainRequest request,
        ClusterExtraction extraction
    )
    {
        RunLocation AddStore(RunLocation location) =>
            location with
            {
                DataFolders = [$"{location.Folder}/{extraction.Store}"],
            };
        return plan with
        {
            Run = CreateRunName(UsageException.Within(Train, request.CheckWithoutData)),
            InitialModel = request.InitialModel,
            Configuration = location => request.CreateRemoteConfiguration(AddStore(location)),
            MatchesConfiguration = (recorded, location) => request.MatchesConfiguration(recorded, AddStore(location)),
        };
    }

    private static string CreateRunName(RunConfiguration configuration) =>
        $"attn_crnn_{NetworkVersions.Format(configuration.Experiment.Training.Model)}_"
        + $"{TimeProvider.System.GetLocalNow():yyyyMMdd_HHmmss}";

    // The arguments of train, and after a second -- the arguments of extract.
    private static (string[] Train, string[] Extract) SplitArguments(string[] arguments)
    {
        var separatorIndex = Array.IndexOf(arguments, "--");
        return separatorIndex < 0 ? (arguments, []) : (arguments[..separatorIndex], arguments[(separatorIndex + 1)..]);
    }

    private static DeploymentPlan CreateResumePlan(DeploymentPlan plan, RunDirectory localCopy, ConsoleOutput console)
    {
        plan = plan with
        {
            Run = localCopy.Name,

            Resume = true,
        };
        if (!File.Exists(localCopy.Configuration))
            return plan;
        var request = TrainRequest.FromRun(localCopy, console);
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
        console.WriteResult($"watch    {target.FormatCommand("monitor", "-c")}");
        console.WriteResult($"fetch    {target.FormatCommand("fetch")}");
    }

    private static async Task<int> AttachAsync(ConsoleOutput console, RemoteTarget target)
    {
        // A run can be active without its session, and another session can have the name.
        if (
            target.JobRunner is TmuxJobRunner
            && !(await target.CreateQuery().GetStatusAsync(1).ConfigureAwait(false)).HasSession
        )
            throw new InvalidRemoteRequestException(
                $"{target.Machine.Name}: the run has no session {target.Session}; "
                    + $"its log is shown by\n{target.FormatCommand("monitor", "-c")}"
            );
        console.WriteMessage("Ctrl-b d detaches from the session; Ctrl-C in it ends the training after a checkpoint");
        var command = target.Machine.CreateInteractiveCall(
            target.JobRunner.CreateAttachCommand(target.Session)
                ?? throw new UsageException($"--attach: {target.JobRunner.Name} has no session to attach to")
        );
        using var process = Process.Start(new ProcessStartInfo(command.Program, command.Arguments))!;
        await process.WaitForExitAsync().ConfigureAwait(false);
        return process.ExitCode == 0 ? ExitCode.Success : ExitCode.Failure;
    }
}
