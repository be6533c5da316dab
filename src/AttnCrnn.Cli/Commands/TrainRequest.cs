using System.Text.Json.Nodes;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Deployment;
using AttnCrnn.Deployment.Transfer;
using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.Options;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Commands;

/// <summary>
/// A training to run on another machine: its options come from the arguments after --, an environment variable and
/// deploy.json.
/// </summary>
internal sealed class TrainRequest
{
    private readonly OptionValues values;
    private readonly RunConfiguration configuration;
    private EncoderDescription? encoder; // unknown until the features are opened

    /// <param name="arguments">
    /// The arguments after --; they override the environment variable, which overrides the file.
    /// </param>
    /// <param name="errors">Receives everything that is invalid in them.</param>
    public TrainRequest(string[] arguments, DeploySettings settings, UsageErrors errors)
    {
        var train = new TrainCommand();
        var environment = Parse(train, DeploySettings.GetTrainArgumentsFromEnvironment(), errors);
        if (DeploySettings.GetDataDirsFromEnvironment() is { Length: > 0 } folders)
            environment.Set(OptionKeys.DataFolders, folders);
        var file = OptionValues.FromJson(settings.GetTrainOptions());
        ConfigurationFile.RemoveUnknownKeys(file, DeploySettings.FileName, train, errors);
        values = Parse(train, arguments, errors).WithFallback(environment).WithFallback(file);
        AddReservedOptions(errors);
        var valueErrors = new List<OptionError>();
        configuration = RunConfiguration.Create(values, valueErrors);
        errors.Add(valueErrors);
    }

    private TrainRequest(RunConfiguration configuration)
    {
        values = new();
        values.Set(OptionKeys.Threads, []); // those of the run
        this.configuration = configuration;
    }

    /// <summary>The request of a local run.</summary>
    public static TrainRequest FromRun(RunDirectory run, ConsoleOutput console)
    {
        var saved = SavedRun.Read(run, console);
        var request = new TrainRequest(run.WithDefaultsOfCheckpoints(saved));
        if (request.HasData)
            request.OpenFeatures().Dispose();
        return request;
    }

    /// <summary>The feature folders, in the order of the command line.</summary>
    public IReadOnlyList<DataFolder> Data => [.. configuration.DataFolders.Select(path => new DataFolder(path))];

    /// <summary>The model that initializes the weights; null: random initialization.</summary>
    public InitialModel? InitialModel => configuration.Experiment.InitialPath is { } path ? new(path) : null;

    /// <summary>Whether all features and the initial model exist on this machine.</summary>
    public bool HasData =>
        configuration.DataFolders.All(Directory.Exists)
        && (configuration.Experiment.InitialPath is not { } path || File.Exists(path));

    /// <summary>Opens the features and checks that the options fit them.</summary>
    /// <exception cref="UsageException">No feature folder is given.</exception>
    /// <exception cref="InvalidInputException">The features or the initial model cannot be read.</exception>
    public RunConfiguration Check()
    {
        TrainCommand.RequireData(configuration);
        var initial = configuration.ReadInitialModel();
        using var store = OpenFeatures();
        // Refuses here what train would refuse there: folds without speakers, rules that leave no class.
        new Experiment(
            store,
            configuration.Resolve(store.Description.Encoder).Experiment with
            {
                Initial = initial,
            }
        ).RequireNoLeaks();
        return configuration;
    }

    /// <summary>As <see cref="Check"/>, for features that are extracted on the other machine.</summary>
    public RunConfiguration CheckWithoutData()
    {
        if (configuration.DataFolders.Count > 0)
            throw new UsageException(
                "--data_dirs: the features come from the extraction; omit either the folders or the extraction"
            );
        configuration.ReadInitialModel();
        return configuration;
    }

    /// <summary>
    /// The configuration of the run on the other machine, with every value as it is used if the features exist.
    /// </summary>
    public string CreateRemoteConfiguration(RunLocation location)
    {
        var remote = configuration with
        {
            WorkFolder = location.Folder,
            DataFolders = location.DataFolders,
            Experiment = configuration.Experiment with { InitialPath = location.InitialModelPath },
        };
        if (!values.Contains(OptionKeys.Threads))
            remote = remote with { Experiment = remote.Experiment.WithThreads(location.Threads) };
        return RunConfigurationFile.Format(
            RunConfigurationFile.ToJson(encoder is null ? remote : remote.Resolve(encoder))
        );
    }

    /// <summary>
    /// Whether a configuration that a run on the other machine recorded is the one that this request would create
    /// there, whichever version wrote it: an option that it lacks has the default, and unless this request gives a
    /// number of
    /// threads, theirs does not matter.
    /// </summary>
    public bool MatchesConfiguration(string recorded, RunLocation location)
    {
        const string source = "the configuration of the run on the other machine";
        try
        {
            // Any valid number of threads: it is compared only if this request gives one.
            var requested = ResolveOptions(CreateRemoteConfiguration(location with { Threads = 1 }), source);
            var existing = ResolveOptions(recorded, source);
            if (!values.Contains(OptionKeys.Threads))
                existing[OptionKeys.Threads.Name] = requested[OptionKeys.Threads.Name]?.DeepClone();
            return JsonNode.DeepEquals(requested, existing);
        }
        catch (InvalidInputException)
        {
            return false; // damaged, or options of a newer version
        }
    }

    private JsonObject ResolveOptions(string json, string source)
    {
        var recorded = RunConfigurationFile.GetValues(RunConfigurationFile.ParseObject(json, source), _ => { });
        var unknown = recorded.Without(RunConfiguration.Table).Keys.Select(key => new OptionError(new(key), "", "new"));
        List<OptionError> recordedErrors = [.. unknown];
        var options = RunConfiguration.Create(recorded, recordedErrors);
        InvalidOptionsException.ThrowIfAny(recordedErrors);
        return RunConfigurationFile.ToJson(encoder is null ? options : options.Resolve(encoder));
    }

    private FeatureStore OpenFeatures()
    {
        var store = FeatureStore.Open([.. configuration.DataFolders.Select(Path.GetFullPath)]);
        encoder = store.Description.Encoder;
        return store;
    }

    private void AddReservedOptions(UsageErrors errors)
    {
        OptionKey[] reserved =
        [
            OptionKeys.Resume,
            OptionKeys.WorkFolder,
            CommandOptionKeys.Quiet,
            OptionKeys.TrainOnly,
        ];
        if (reserved.Any(values.Contains))
            errors.Add(
                "after --: --resume is an option of deploy, --workdir is its --dir, --quiet would leave the log empty, "
                    + "and --train_only would leave the run without a report"
            );
    }

    private static OptionValues Parse(TrainCommand train, string[] arguments, UsageErrors errors)
    {
        var parsedArguments = train.ParseArguments(arguments, "train: ");
        var values = train.ReadValues(parsedArguments);
        errors.Add(parsedArguments.Errors);
        return values;
    }
}
