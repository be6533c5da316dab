using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Options;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Commands;

/// <summary>Trains a model, then evaluates it on the test set.</summary>
internal sealed class TrainCommand : OptionCommand<TrainSettings>
{
    // With --resume, the others come from the run.
    private static readonly OptionKey[] OptionsOfResume =
    [
        OptionKeys.Resume,
        OptionKeys.WorkFolder,
        OptionKeys.Fold,
        OptionKeys.TrainOnly,
        OptionKeys.Threads,
        CommandOptionKeys.Config,
        CommandOptionKeys.Quiet,
    ];

    public TrainCommand()
        : base(
            "train",
            "Train a model, then evaluate it on its test set, by default of speakers not seen in training.",
            TrainSettings.Options
        ) { }

    public override string SuggestOption(string argument) =>
        $"; feature folders follow --data_dirs, as in --data_dirs {argument}";

    public override Task<int> RunAsync(
        TrainSettings settings,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        if (settings.Resume is { } name)
            return Task.FromResult(Resume(name, settings, console, cancellationToken));
        RequireData(settings.Configuration);
        using var run = TrainingRun.Start(settings.Configuration, RunProgram.Current);
        RunIntroduction.Print(run, settings.Configuration.Experiment.InitialPath, console);
        Train(run, console, cancellationToken);
        return Task.FromResult(ExitCode.Success);
    }

    protected override TrainSettings Parse(OptionValues values, List<OptionError> errors)
    {
        var settings = Table.Parse(new(), values.Without(RunConfiguration.Table), errors);
        if (settings.Resume is not null)
            foreach (var key in values.Keys.Where(key => !OptionsOfResume.Any(allowed => allowed.Name == key)))
                errors.Add(
                    new(
                        new(key),
                        "",
                        OptionText.Create($"{OptionKeys.Resume} uses the run's own configuration; omit the option")
                    )
                );
        return settings with
        {
            // The number of folds and other options that --fold is checked with are those of the resumed run.
            Configuration = settings.Resume is null
                ? RunConfiguration.Create(values, errors)
                : RunConfiguration.Table.Parse(new(), values, errors),

            Values = values,
        };
    }

    /// <exception cref="UsageException">No feature folder is given.</exception>
    public static void RequireData(RunConfiguration configuration)
    {
        if (configuration.DataFolders.Count == 0)
            throw new UsageException("--data_dirs is missing: add the folder that extract wrote");
    }

    private static int Resume(
        string name,
        TrainSettings settings,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        var options = settings.Configuration;
        var directory = RunDirectory.Open(Path.GetFullPath(options.WorkFolder), name);
        var threads = settings.Values.Contains(OptionKeys.Threads) ? options.Experiment.Training.Threads : (int?)null;
        using var run = TrainingRun.Open(directory, SavedRun.Read(directory, console), RunProgram.Current, saved =>
            saved with
            {
                Fold = options.Fold ?? saved.Fold,
                TrainOnly = options.TrainOnly,
                Experiment = saved.Experiment.WithThreads(threads ?? saved.Experiment.Training.Threads),
            }
        );
        RunIntroduction.Print(run, run.Configuration.Experiment.InitialPath, console);
        if (run.IsFinished)
        {
            console.WriteResultText($"{directory.Name} is finished; its report is {directory.Report}", indent: 0);
            return ExitCode.Success;
        }
        Train(run, console, cancellationToken);
        return ExitCode.Success;
    }

    private static void Train(TrainingRun run, ConsoleOutput console, CancellationToken cancellationToken)
    {
        run.RecordStart();
        var session = new TrainingSession(run, console);
        session.Train(cancellationToken);
        new SeedSequence(run, console).Run(cancellationToken);
        if (!run.Configuration.SkipsEvaluation)
            session.EvaluateAndReport(cancellationToken);
        else if (run.Configuration.Experiment.Speakers.HasNoTest)
            console.WriteResultText(
                $"{run.Directory.Name} is trained and not evaluated: it has no test set (--test_speakers none)",
                indent: 0
            );
    }
}
