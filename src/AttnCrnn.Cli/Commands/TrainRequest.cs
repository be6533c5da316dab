using System.CommandLine;
using AttnCrnn.Cli.Options;
using AttnCrnn.Deployment;
using AttnCrnn.Deployment.Transfer;
using AttnCrnn.Evaluation;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Commands;

/// <summary>
/// A training to run on another machine: its options come from the arguments after --, an environment variable and
/// deploy.json.
/// </summary>
internal sealed class TrainRequest
{
    private readonly TrainCommand train = new();
    private readonly ParseResult parseResult;

    /// <param name="arguments">
    /// The arguments after --; they override the environment variable, which overrides the file.
    /// </param>
    /// <exception cref="UsageException">They are not a valid command line of train.</exception>
    public TrainRequest(string[] arguments, DeploySettings settings)
    {
        var root = new RootCommand();
        root.Subcommands.Add(train.Definition);
        string[] commandLine = ["train", .. arguments];
        parseResult = Parse(root, commandLine);
        if (parseResult.GetValue(train.Config) is { } path)
            parseResult = Parse(root, commandLine = ConfigFile.Expand(train, parseResult, commandLine, path));
        var environmentOptions = ConfigFile.GetExplicitOptions(
            train,
            Parse(root, ["train", .. DeploySettings.GetTrainArgumentsFromEnvironment()])
        );
        if (DeploySettings.GetDataDirsFromEnvironment() is { Length: > 0 } folders)
            environmentOptions[DeploySettings.DataDirs] = new System.Text.Json.Nodes.JsonArray([.. folders]);
        const string environmentSource = DeploySettings.Prefix + "…";
        var environmentFields = ConfigFile.GetFields(environmentOptions, environmentSource);
        parseResult = Parse(
            root,
            commandLine = ConfigFile.Expand(train, parseResult, commandLine, environmentFields, environmentSource)
        );
        parseResult = Parse(
            root,
            ConfigFile.Expand(train, parseResult, commandLine, settings.GetTrainOptions(), DeploySettings.FileName)
        );
    }

    private TrainRequest(RunDirectory run) => parseResult = train.ParseSavedConfiguration(run);

    /// <summary>The request of a local run.</summary>
    public static TrainRequest FromRun(RunDirectory run) => new(run);

    /// <summary>The feature folders, in the order of the command line.</summary>
    public IReadOnlyList<DataFolder> Data =>
        [.. train.GetDataFolders(parseResult).Select(path => new DataFolder(path))];

    /// <summary>The model that initializes the weights; null: random initialization.</summary>
    public InitialModel? InitialModel => train.GetInitialModelPath(parseResult) is { } path ? new(path) : null;

    /// <summary>Whether all features and the initial model exist on this machine.</summary>
    public bool HasData =>
        train.GetDataFolders(parseResult).All(Directory.Exists)
        && (train.GetInitialModelPath(parseResult) is not { } path || File.Exists(path));

    /// <exception cref="UsageException">An option is invalid; the message lists all errors.</exception>
    /// <exception cref="InvalidInputException">The features cannot be read.</exception>
    public ExperimentOptions Check() => train.Check(parseResult);

    /// <summary>As <see cref="Check"/>, for features that are extracted on the other machine.</summary>
    public ExperimentOptions CheckWithoutData() =>
        train.GetDataFolders(parseResult).Count == 0
            ? train.CheckWithoutData(parseResult)
            : throw new UsageException(
                "--data_dirs: the features come from the extraction; omit either the folders or the extraction"
            );

    /// <summary>The resolved configuration of the run on the other machine.</summary>
    public string CreateRemoteConfiguration(RunLocation location) =>
        train.CreateRemoteConfiguration(
            parseResult,
            location.Folder,
            location.DataFolders,
            location.InitialModelPath,
            location.Threads
        );

    private ParseResult Parse(RootCommand root, string[] commandLine)
    {
        OptionSpelling.CheckOptions(train.Definition, commandLine[1..]);
        var result = root.Parse(commandLine);
        OptionSpelling.RequireValid(result, "train: ");
        return result;
    }
}
