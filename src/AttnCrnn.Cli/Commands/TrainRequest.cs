using System.CommandLine;
using AttnCrnn.Cli.Options;
using AttnCrnn.Deployment;
using AttnCrnn.Deployment.Transfer;
using AttnCrnn.Evaluation;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Commands;

/// <summary>
/// A training to run on another machine: options of train after --, from an environment variable and from deploy.json.
/// </summary>
internal sealed class TrainRequest
{
    private readonly TrainCommand train = new();
    private readonly ParseResult given;

    /// <param name="words">The arguments after --; they override the variable, which overrides the file.</param>
    /// <exception cref="UsageException">They are not a valid command line of train.</exception>
    public TrainRequest(string[] words, DeploySettings settings)
    {
        var root = new RootCommand();
        root.Subcommands.Add(train.Definition);
        string[] line = ["train", .. words];
        given = Parse(root, line);
        if (given.GetValue(train.Config) is { } path)
            given = Parse(root, line = ConfigFile.Expand(train, given, line, path));
        var variable = ConfigFile.GivenOptions(train, Parse(root, ["train", .. DeploySettings.TrainWords()]));
        if (DeploySettings.DataVariable() is { Length: > 0 } folders)
            variable[DeploySettings.DataDirs] = new System.Text.Json.Nodes.JsonArray([.. folders]);
        const string variables = DeploySettings.Prefix + "…";
        var flags = ConfigFile.Fields(variable, variables);
        given = Parse(root, line = ConfigFile.Expand(train, given, line, flags, variables));
        given = Parse(root, ConfigFile.Expand(train, given, line, settings.TrainFlags(), DeploySettings.FileName));
    }

    private TrainRequest(RunDirectory run) => given = train.Saved(run);

    /// <summary>The request of a local run.</summary>
    public static TrainRequest FromRun(RunDirectory run) => new(run);

    /// <summary>The feature folders, in the order given.</summary>
    public IReadOnlyList<DataFolder> Data => [.. train.DataFolders(given).Select(path => new DataFolder(path))];

    /// <summary>The model that initializes the weights; null: random initialization.</summary>
    public InitialModel? Initial => train.Initial(given) is { } path ? new(path) : null;

    /// <summary>Whether all features and the initial model exist on this machine.</summary>
    public bool HasData =>
        train.DataFolders(given).All(Directory.Exists) && (train.Initial(given) is not { } path || File.Exists(path));

    /// <exception cref="UsageException">An option is invalid; the message lists all errors.</exception>
    /// <exception cref="InvalidInputException">The features cannot be read.</exception>
    public ExperimentOptions Check() => train.Check(given);

    /// <summary>As <see cref="Check"/>, for features that are extracted on the other machine.</summary>
    public ExperimentOptions CheckWithoutData() =>
        train.DataFolders(given).Count == 0
            ? train.CheckFlags(given)
            : throw new UsageException(
                "--data_dirs: the features come from the extraction; leave out either the folders or the extraction"
            );

    /// <summary>The resolved configuration of the run on the other machine.</summary>
    public string ConfigurationAt(RunLocation place) =>
        train.ConfigurationAt(given, place.Folder, place.DataFolders, place.Initial, place.Threads);

    private ParseResult Parse(RootCommand root, string[] line)
    {
        OptionSpelling.CheckFlags(train.Definition, line[1..]);
        var result = root.Parse(line);
        OptionSpelling.RequireKnown(result, "train: ");
        return result;
    }
}
