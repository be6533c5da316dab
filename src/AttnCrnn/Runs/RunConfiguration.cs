using AttnCrnn.Encoders;
using AttnCrnn.Models;
using AttnCrnn.Options;
using AttnCrnn.Training;

namespace AttnCrnn.Runs;

/// <summary>Everything that determines a run: the options of its experiment, and where its data are.</summary>
public sealed record RunConfiguration
{
    /// <summary>Options of the experiment.</summary>
    public ExperimentOptions Experiment { get; init; } = new();

    /// <summary>Feature folders.</summary>
    public IReadOnlyList<string> DataFolders { get; init; } = [];

    /// <summary>Folder that holds checkpoints, logs and results.</summary>
    public string WorkFolder { get; init; } = ".";

    /// <summary>The only fold to train, counted from 1; null for all folds.</summary>
    public int? Fold { get; init; }

    /// <summary>Number of seeds that are trained and evaluated on the same split, at least 1.</summary>
    public int Repeat { get; init; } = 1;

    /// <summary>The seeds: that of the training, and the numbers after it.</summary>
    public IEnumerable<ulong> Seeds =>
        Enumerable.Range(0, Repeat).Select(repeat => Experiment.Training.Seed + (ulong)repeat);

    /// <summary>Whether the run is evaluated later, when all its folds are trained.</summary>
    public bool TrainOnly { get; init; }

    /// <summary>Whether the run is not evaluated: later, or because it has no test set.</summary>
    public bool SkipsEvaluation => TrainOnly || Experiment.Speakers.HasNoTest;

    /// <summary>Number of test clips whose predictions the report explains; 0: none.</summary>
    public int ExplainedClips { get; init; } = 4;

    /// <summary>Whether the report names speakers and recordings, and links the recordings.</summary>
    public bool WithNames { get; init; }

    /// <summary>Whether recordings of the most confident errors of the hard classes are in the report.</summary>
    public bool EmbedAudio { get; init; }

    /// <summary>Labels of the outputs of the model that initializes the weights, if its file has none.</summary>
    public IReadOnlyList<string> InitialLabels { get; init; } = [];

    /// <summary>Version of the defaults for the encoder: 1 for those of release 0.1.</summary>
    internal int DefaultsVersion { get; init; } = OptionValues.CurrentDefaultsVersion;

    /// <summary>Every option with its key, range, defaults and help.</summary>
    public static OptionTable<RunConfiguration> Table => RunOptionTable.All;

    /// <summary>
    /// The configuration with the given options; the others have the defaults of the recipe and network.
    /// </summary>
    /// <param name="values">Keys that are not in the table are ignored.</param>
    /// <param name="errors">Receives every invalid value.</param>
    public static RunConfiguration Create(OptionValues values, ICollection<OptionError> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        OptionKey[] selectors = [OptionKeys.Recipe, OptionKeys.Model, OptionKeys.HeadNorm];
        var selection = Table.Parse(new(), values.Select(selectors), []).Experiment.Training;
        values = WithoutReplacedParts(values, selection);
        var defaults = new RunConfiguration
        {
            DefaultsVersion = values.DefaultsVersion,

            Experiment = new() { Training = TrainingOptions.Create(selection.Recipe, selection.Model) },
        };
        var configuration = Table.Parse(defaults, values, errors);
        if (selection.Model == NetworkVersion.V1 && values.Contains(OptionKeys.BatchNorm))
            if (values.FindSource(OptionKeys.BatchNorm) is null)
                errors.Add(
                    new(
                        OptionKeys.BatchNorm,
                        string.Join(',', values.Find(OptionKeys.BatchNorm)!),
                        OptionText.Create($"has no effect with {OptionKeys.Model} v1, which has no batch norm; omit it")
                    )
                );
        foreach (var error in configuration.Errors())
            if (!errors.Any(reported => reported.Key == error.Key))
                errors.Add(error);
        return configuration;
    }

    /// <summary>All validation errors.</summary>
    public IEnumerable<OptionError> Errors()
    {
        foreach (var error in Experiment.Errors().Concat(RunOptionTable.FindErrors(this)))
            yield return error;
        var folds = Experiment.Folds;
        if (Fold is { } fold && (fold < 1 || (fold > folds.Number && !folds.DependsOnClips)))
            yield return new(
                OptionKeys.Fold,
                $"{fold}",
                folds.IsNone
                    ? OptionText.Create($"requires the number of folds, {OptionKeys.Folds}")
                    : $"expected 1 to {folds}"
            );
        if (Repeat > 1 && Experiment.Speakers.HasNoTest)
            yield return new(
                OptionKeys.Repeat,
                $"{Repeat}",
                OptionText.Create(
                    $"reports metrics of a test set, which {OptionKeys.TestSpeakers} none leaves out; omit one of them"
                )
            );
        if (Repeat > 1 && Experiment.Training.Seed > ulong.MaxValue - (ulong)(Repeat - 1))
            yield return new(
                OptionKeys.Repeat,
                $"{Repeat}",
                OptionText.Create($"the seeds after {OptionKeys.Seed} {Experiment.Training.Seed} do not fit; lower it")
            );
        if (Experiment.InitialPath is null && InitialLabels.Count > 0)
            yield return new(
                OptionKeys.Labels,
                "",
                OptionText.Create(
                    $"applies to the outputs of the model of {OptionKeys.Init}; the classes of the run come from the "
                        + $"clips, {OptionKeys.Map} and {OptionKeys.Drop}"
                )
            );
    }

    /// <summary>The configuration with absolute paths, which another working directory does not change.</summary>
    public RunConfiguration WithAbsolutePaths() =>
        this with
        {
            DataFolders = [.. DataFolders.Select(Path.GetFullPath)],
            WorkFolder = Path.GetFullPath(WorkFolder),
            Experiment = Experiment with
            {
                InitialPath = Experiment.InitialPath is { } path ? Path.GetFullPath(path) : null,
            },
        };

    // A file has the parts of its network. The command line may select a network that does not have them.
    private static OptionValues WithoutReplacedParts(OptionValues values, TrainingOptions selection)
    {
        bool IsOnCommandLine(OptionKey key) => values.Contains(key) && values.FindSource(key) is null;
        var replaced = new List<OptionKey>();
        if (IsOnCommandLine(OptionKeys.Model))
        {
            replaced.AddRange(
                TrainingOptions.NetworkParts.Where(key => !NetworkVersions.HasOption(selection.Model, key))
            );
            if (selection.Model == NetworkVersion.V1)
                replaced.Add(OptionKeys.AttentionScale);
        }
        if (!selection.HasBatchNorm && IsOnCommandLine(OptionKeys.HeadNorm))
            replaced.Add(OptionKeys.BatchNorm);
        return values.Without([.. replaced.Where(key => !IsOnCommandLine(key))]);
    }

    /// <summary>The model that initializes the weights; null for random initialization.</summary>
    /// <exception cref="InvalidInputException">The file cannot be read.</exception>
    public TrainedModel? ReadInitialModel() =>
        Experiment.InitialPath is { } path
            ? ModelFile.Read(path, InitialLabels.Count == 0 ? null : InitialLabels)
            : null;

    /// <summary>
    /// The configuration with every default filled in: no option is left to recipe or encoder. Parts of the network are
    /// left to an initial model that was not read.
    /// </summary>
    public RunConfiguration Resolve(EncoderDescription encoder)
    {
        var unresolved = Experiment.Training;
        var training =
            DefaultsVersion == 1
                ? Version1Defaults.Resolve(unresolved, encoder)
                : unresolved.WithEncoderDefaults(encoder);
        if (Experiment.InitialPath is null || Experiment.Initial is not null)
            training = training.WithNetworkDefaults(Experiment.Initial?.Info.Network, unresolved);
        return this with
        {
            Experiment = Experiment with
            {
                Split = Experiment.ResolvedSplit,

                Training = training,
            },
        };
    }
}
