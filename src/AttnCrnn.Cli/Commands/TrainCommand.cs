using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using AttnCrnn.Cli.Commands.Remote;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Evaluation;
using AttnCrnn.Features;
using AttnCrnn.IO;
using AttnCrnn.Models;
using AttnCrnn.Runs;
using AttnCrnn.Training;

namespace AttnCrnn.Cli.Commands;

/// <summary>Trains a model, then evaluates it on the test set.</summary>
internal sealed class TrainCommand : CliCommand
{
    private readonly Option<string[]> dataDirs;
    private readonly Option<string?> workdir;
    private readonly Option<string?> resume;
    private readonly Option<string?> init;
    private readonly Option<int?> fold;
    private readonly Option<bool> trainOnly;
    private readonly TrainCommandOptions commandOptions;

    public TrainCommand()
        : base("train", "Train a model, then evaluate it on speakers not seen in training.")
    {
        dataDirs = AddMultiValueOption(
            "--data_dirs",
            "Feature folders: stores written by extract, or .npz files of the reference implementation."
        );
        workdir = AddOption<string?>("--workdir", "Folder that holds checkpoints/, logs/ and analysis_results/.", ".");
        resume = AddOption<string?>(
            "--resume",
            "Resume this run from its last checkpoint; no other option is required.",
            null
        );
        init = AddOption<string?>(
            "--init",
            "Start from the weights of this .keras file instead of random initialization; "
                + "feature dimension and labels must match.",
            null
        );
        fold = AddOption<int?>("--fold", "Train only this fold, from 1 to --folds.", null);
        trainOnly = AddOption(
            "--train_only",
            "Skip evaluation, for folds trained in parallel; train --resume RUN or evaluate RUN evaluates them all.",
            false
        );
        var defaults = new TrainingOptions();
        commandOptions = new(
            AddOption<string?>(
                "--recipe",
                "Set of defaults: default, or original, the choices of the reference Keras implementation.",
                "default"
            ),
            AddOption<string?>("--model", "Network: v2, or v1, its predecessor, with its own defaults.", "v2"),
            AddOption("--epochs", "Maximum number of epochs.", defaults.Epochs),
            AddOption("--batch_size", "Clips per optimizer step.", defaults.BatchSize),
            AddOption<int?>(
                "--patience",
                "Epochs without improvement of --monitor before early stopping; "
                    + $"by default {TrainingOptions.DescribeDefault(options => options.Patience)}.",
                null
            ),
            AddOption("--learning_rate", "Initial learning rate of Adam.", defaults.LearningRate),
            AddOption<double?>(
                "--beta2",
                $"Decay rate of Adam's second moment; by default the recipe's, {defaults.Beta2}.",
                null
            ),
            AddOption<double?>(
                "--plateau_factor",
                "Factor applied to the learning rate when val_loss stops improving; "
                    + $"by default the recipe's, {defaults.PlateauFactor}.",
                null
            ),
            AddOption<int?>(
                "--plateau_patience",
                "Epochs without improvement of val_loss before the learning rate is reduced; "
                    + $"by default {TrainingOptions.DescribeDefault(options => options.PlateauPatience)}.",
                null
            ),
            AddOption("--min_learning_rate", "Lower bound for learning-rate reduction.", defaults.MinLearningRate),
            AddOption<double?>(
                "--noise",
                "Standard deviation of the Gaussian noise added to features; 0 disables it; "
                    + $"by default {TrainingOptions.DescribeDefault(options => options.Noise)}.",
                null
            ),
            AddOption<double?>(
                "--mixup",
                $"Alpha of MixUp's beta distribution; 0 disables it; by default the recipe's, {defaults.MixUp}.",
                null
            ),
            AddOption("--disable_augmentation", "Disable noise, MixUp, masks and tempo changes.", false),
            AddOption<int?>(
                "--time_masks",
                $"Time masks per clip; by default {TrainingOptions.DescribeDefault(options => options.TimeMasks)}.",
                null
            ),
            AddOption(
                "--time_mask_share",
                "Maximum length of a time mask, as a fraction of the clip.",
                defaults.TimeMaskShare
            ),
            AddOption<int?>(
                "--frequency_masks",
                "Frequency masks per clip; "
                    + $"by default {TrainingOptions.DescribeDefault(options => options.FrequencyMasks)}.",
                null
            ),
            AddOption(
                "--frequency_mask_bands",
                "Maximum width of a frequency mask, in mel bands.",
                defaults.FrequencyMaskBands
            ),
            AddOption<double?>(
                "--tempo",
                "Maximum random change of tempo, as a fraction; "
                    + $"by default {TrainingOptions.DescribeDefault(options => options.Tempo)}.",
                null
            ),
            AddOption<int?>(
                "--copies",
                "Augmented copies of each clip per epoch; "
                    + $"by default {TrainingOptions.DescribeDefault(options => options.Copies)}.",
                null
            ),
            AddOption<int?>(
                "--band_shift",
                "Maximum random frequency shift, in mel bands; "
                    + $"by default {TrainingOptions.DescribeDefault(options => options.BandShift)}.",
                null
            ),
            AddOption<double?>(
                "--gain",
                "Maximum random offset of normalized log-mel features, in standard deviations; "
                    + $"by default {TrainingOptions.DescribeDefault(options => options.Gain)}.",
                null
            ),
            AddOption<double?>(
                "--lstm_dropout",
                "Dropout rate of the LSTM's input; "
                    + $"by default {TrainingOptions.DescribeDefault(options => options.LstmDropout)}.",
                null
            ),
            AddOption<double?>(
                "--recurrent_dropout",
                "Dropout rate of the LSTM's recurrent state; "
                    + $"by default {TrainingOptions.DescribeDefault(options => options.RecurrentDropout)}.",
                null
            ),
            AddOption<double?>(
                "--attention_scale",
                "Initial value of the learned factor of the self-attention logits; "
                    + $"by default {TrainingOptions.DescribeDefault(options => options.AttentionScale)}.",
                null
            ),
            AddOption<string?>(
                "--batch_norm",
                "Batch normalization statistics for evaluation: moving, the running statistics as in Keras, "
                    + "or recalibrated on the training set after each epoch; "
                    + $"by default {TrainingOptions.DescribeDefault(options => options.BatchNorm)}.",
                null
            ),
            AddOption<string?>(
                "--class_weight",
                "Class weights of the loss: balanced or none; by default the recipe's.",
                null
            ),
            AddOption<string?>(
                "--monitor",
                "Metric that selects the best epoch: val_accuracy or val_uar.",
                "val_accuracy"
            ),
            AddOption<string?>(
                "--normalize",
                "Feature normalization: corpus, speaker (statistics of each speaker's own clips, "
                    + "evaluated ones included: transductive) or none; by default the recipe's.",
                null
            ),
            AddOption<string?>(
                "--padding",
                "Zero padding of clips: none, or longest, up to the longest clip; by default the recipe's.",
                null
            ),
            AddOption("--seed", "Random seed.", 0UL),
            AddOption("--threads", "Number of threads; results do not depend on it.", Environment.ProcessorCount),
            AddOption("--folds", "Folds of cross-validation over speakers; 0 uses one train/validation/test split.", 0),
            AddOption<string?>(
                "--split",
                "Split by speaker, or random by clip (speaker leakage: overestimates performance); "
                    + "by default as the recipe; speaker in the default recipe.",
                null
            ),
            AddMaxInvalidFractionOption(),
            AddOption(
                "--checkpoint_every",
                "Write a checkpoint every N steps as well as after each epoch; 0: after each epoch only.",
                0
            ),
            AddOption(
                "--exact_convolution",
                "Compute convolutions directly instead of by Winograd's algorithm: "
                    + "1.7 times the time per step, slightly closer to Keras numerically.",
                false
            ),
            AddLabelRuleOptions(),
            init,
            AddOutputLabelOption()
        );
    }

    public override int Run(ParseResult parseResult, ConsoleOutput console, CancellationToken cancellationToken)
    {
        var folder = Path.GetFullPath(parseResult.GetValue(workdir)!);
        if (parseResult.GetValue(resume) is { } name)
            return Resume(folder, Path.GetFileName(name.TrimEnd('/')), parseResult, console, cancellationToken);
        var options = commandOptions.AddInitialModel(parseResult, commandOptions.Read(parseResult));
        RequireFold(parseResult, options);
        using var store = OpenStore(parseResult);
        // Before the run's folders are created: invalid clips or labels must not leave an empty run behind.
        var experiment = CreateExperiment(console, store, options);
        var run = RunDirectory.Create(folder, options.Training.Model, TimeProvider.System);
        AtomicFile.WriteText(
            run.Configuration,
            FormatJson(ConfigFile.ResolveAll(this, parseResult, dataDirs, workdir, init))
        );
        Train(
            run,
            experiment,
            options,
            parseResult.GetValue(fold),
            parseResult.GetValue(trainOnly),
            store,
            console,
            cancellationToken
        );
        return ExitCode.Success;
    }

    /// <summary>Parses the config.json of a run as a command line of train.</summary>
    /// <exception cref="InvalidInputException">The run does not exist.</exception>
    public ParseResult ParseSavedConfiguration(RunDirectory run)
    {
        if (!File.Exists(run.Configuration))
            throw new InvalidInputException(
                $"{run.Name}: no such run under {run.WorkFolder} ({run.Configuration} is missing)"
            );
        var root = new RootCommand();
        root.Subcommands.Add(Definition);
        var emptyParseResult = root.Parse(["train"]);
        var configuration = RemotePaths.MapToLocal(
            ConfigFile.Read(run.Configuration),
            Path.Combine(run.Analysis, RemotePaths.FileName)
        );
        var fields = ConfigFile.GetFields(configuration, run.Configuration);
        var savedConfiguration = root.Parse(
            ConfigFile.Expand(this, emptyParseResult, ["train"], fields, run.Configuration)
        );
        return savedConfiguration.Errors.Count == 0
            ? savedConfiguration
            : throw new InvalidFileException(
                run.Configuration,
                null,
                savedConfiguration.Errors[0].Message,
                "the configuration of a run",
                "start a new run with train"
            );
    }

    /// <summary>The options of a saved command line.</summary>
    public ExperimentOptions ReadOptions(ParseResult parseResult) => commandOptions.Read(parseResult);

    /// <summary>The features of a saved command line.</summary>
    public FeatureStore OpenStore(ParseResult parseResult)
    {
        var folders = parseResult.GetValue(dataDirs)!;
        return folders.Length > 0
            ? FeatureStore.Open([.. folders.Select(Path.GetFullPath)])
            : throw new UsageException("--data_dirs is missing: add the folder that extract wrote");
    }

    /// <summary>The feature folders of a command line.</summary>
    public IReadOnlyList<string> GetDataFolders(ParseResult parseResult) => parseResult.GetValue(dataDirs)!;

    /// <summary>The model file that initializes the weights; null: random initialization.</summary>
    public string? GetInitialModelPath(ParseResult parseResult) => parseResult.GetValue(init);

    /// <summary>The configuration of a run on another machine.</summary>
    /// <param name="folder">Its working folder on that machine.</param>
    /// <param name="data">The feature folders on that machine, in the order of the command line.</param>
    /// <param name="initial">The model file on that machine that initializes the weights; null: random.</param>
    /// <param name="threads">Used unless the command line gives a number of threads.</param>
    public string CreateRemoteConfiguration(
        ParseResult parseResult,
        string folder,
        IReadOnlyList<string> data,
        string? initial,
        int threads
    )
    {
        var configuration = ConfigFile.ResolveAll(this, parseResult, dataDirs, workdir, init);
        configuration["workdir"] = folder;
        configuration["init"] = initial;
        configuration["data_dirs"] = new JsonArray([.. data.Select(path => (JsonNode)path)]);
        if (parseResult.GetResult(commandOptions.Threads) is null or { Implicit: true })
            configuration["threads"] = threads;
        return FormatJson(configuration);
    }

    /// <summary>Validates a command line and opens its features, without creating a run.</summary>
    /// <exception cref="UsageException">An option is invalid; the message lists all errors.</exception>
    /// <exception cref="InvalidInputException">The features cannot be read.</exception>
    public ExperimentOptions Check(ParseResult parseResult)
    {
        var options = CheckWithoutData(parseResult);
        OpenStore(parseResult).Dispose();
        return options;
    }

    /// <summary>As <see cref="Check"/>, for features that are not extracted yet.</summary>
    public ExperimentOptions CheckWithoutData(ParseResult parseResult)
    {
        if (
            parseResult.GetResult(resume) is { Implicit: false }
            || parseResult.GetResult(workdir) is { Implicit: false }
            || parseResult.GetValue(Quiet)
            || parseResult.GetValue(trainOnly)
        )
            throw new UsageException(
                "after --: --resume is an option of deploy, --workdir is its --dir, --quiet would leave the log empty, "
                    + "and --train_only would leave the run without a report"
            );
        var options = commandOptions.AddInitialModel(parseResult, commandOptions.Read(parseResult));
        RequireFold(parseResult, options);
        return options;
    }

    private static string FormatJson(JsonObject configuration) =>
        configuration.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";

    private int Resume(
        string folder,
        string name,
        ParseResult parseResult,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        var run = new RunDirectory(folder, name);
        var savedConfiguration = ParseSavedConfiguration(run);
        var options = commandOptions.AddInitialModel(savedConfiguration, ReadOptions(savedConfiguration));
        using var store = OpenStore(savedConfiguration);
        var experiment = CreateExperiment(console, store, options);
        var onlyFold = parseResult.GetValue(fold) ?? savedConfiguration.GetValue(fold);
        var unfinishedFolds = experiment
            .FoldNumbers.Where(k =>
                (onlyFold is null || k == onlyFold) && !AttnCrnn.Training.Trainer.IsFinished(run.GetResumeFolder(k))
            )
            .ToList();
        if (unfinishedFolds.Count == 0 && File.Exists(run.Report))
        {
            console.WriteResult($"{name} is finished; its report is {run.Report}");
            return ExitCode.Success;
        }
        Train(run, experiment, options, onlyFold, parseResult.GetValue(trainOnly), store, console, cancellationToken);
        return ExitCode.Success;
    }

    private static void Train(
        RunDirectory run,
        Experiment experiment,
        ExperimentOptions options,
        int? onlyFold,
        bool trainOnly,
        FeatureStore store,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        var session = new TrainingSession(run, experiment, options, store, console);
        session.Train(onlyFold, cancellationToken);
        if (!trainOnly)
            session.EvaluateAndReport(cancellationToken);
    }

    private static Experiment CreateExperiment(ConsoleOutput console, FeatureStore store, ExperimentOptions options)
    {
        foreach (var finding in store.InvalidClips)
            console.WriteError($"invalid: {finding.Path}: {finding.Message}");
        var experiment = new Experiment(store, options);
        console.WriteMessage(
            $"{store.Clips.Count} clips of {store.Description.Encoder}; classes {string.Join(", ", experiment.Labels)}"
        );
        console.WriteMessage(experiment.Splits[0].Description);
        if (experiment.SpeakerNormalization is { } report)
            console.WriteMessage(report.ToString());
        foreach (var notice in options.Initial?.Notices ?? [])
            console.WriteMessage(notice);
        if (options.Initial is { } initial)
            console.WriteMessage(DescribeWarmStart(initial.Info, options));
        return experiment;
    }

    private static string DescribeWarmStart(TrainedModelInfo model, ExperimentOptions options) =>
        $"warm start from {options.InitialPath} with a new optimizer state. "
        + $"Its weights were trained with --normalize {model.Normalization.Kind}; "
        + $"this run uses --normalize {options.Training.Normalize}, with its own statistics"
        + (
            model.IsFixedLength
                ? $". Its input has a fixed length of {model.Padding} frames; the models of this run accept any length"
                : ""
        );

    private void RequireFold(ParseResult parseResult, ExperimentOptions options)
    {
        if (parseResult.GetValue(fold) is { } k && (k < 1 || k > options.Folds))
            throw new UsageException(
                options.Folds == 0
                    ? $"--fold {k}: requires the number of folds, --folds"
                    : $"--fold {k}: expected 1 to {options.Folds}"
            );
    }
}
