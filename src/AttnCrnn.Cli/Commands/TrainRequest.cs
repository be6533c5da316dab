using System.CommandLine;
using AttnCrnn.Cli.Options;
using AttnCrnn.Deployment;
using AttnCrnn.Deployment.Transfer;
using AttnCrnn.Evaluation;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Commands;

/// <summary>What is to be trained elsewhere: train's own flags, from the command line behind --, a variable, and deploy.json.</summary>
internal sealed class TrainRequest
{
    private readonly TrainCommand train = new();
    private readonly ParseResult given;

    /// <param name="words">What stands behind --; wins over the variable, and that over the file.</param>
    /// <exception cref="UsageException">The flags are no command line of train.</exception>
    public TrainRequest(string[] words, DeploySettings settings)
    {
        var root = new RootCommand();
        root.Subcommands.Add(train.Definition);
        string[] line = ["train", .. words];
        given = Parse(root, line);
        if (given.GetValue(train.Config) is { } path)
            given = Parse(root, line = ConfigFile.Expand(train, given, line, path));
        var variable = ConfigFile.Given(train, Parse(root, ["train", .. DeploySettings.TrainWords()]));
        if (DeploySettings.DataVariable() is { Length: > 0 } folders)
            variable[DeploySettings.DataDirs] = new System.Text.Json.Nodes.JsonArray([.. folders]);
        given = Parse(root, line = ConfigFile.Expand(train, given, line, variable, DeploySettings.Prefix + "…"));
        given = Parse(root, ConfigFile.Expand(train, given, line, settings.TrainFlags(), DeploySettings.FileName));
    }

    private TrainRequest(RunDirectory run) => given = train.Saved(run);

    /// <summary>What a run that is here was asked to do.</summary>
    public static TrainRequest Of(RunDirectory run) => new(run);

    /// <summary>The folders of features, in the order in which they are named.</summary>
    public IReadOnlyList<DataFolder> Data => [.. train.DataFolders(given).Select(path => new DataFolder(path))];

    /// <summary>The model with whose weights it begins; null: with drawn ones.</summary>
    public InitialModel? Initial => train.Initial(given) is { } path ? new(path) : null;

    /// <summary>Whether all of it is here.</summary>
    public bool HasData =>
        train.DataFolders(given).All(Directory.Exists) && (train.Initial(given) is not { } path || File.Exists(path));

    /// <exception cref="UsageException">The flags are wrong; the message says all that is.</exception>
    /// <exception cref="InvalidInputException">The features cannot be read.</exception>
    public ExperimentOptions Check() => train.Check(given);

    /// <summary>As <see cref="Check"/>, for features that are made where the training is.</summary>
    public ExperimentOptions CheckWithoutData() =>
        train.DataFolders(given).Count == 0
            ? train.CheckFlags(given)
            : throw new UsageException(
                "--data_dirs: the features are those of the extraction; leave the folders out, or the extraction"
            );

    /// <summary>The resolved configuration of the run there.</summary>
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
