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
    private readonly TrainFlags recipe;

    public TrainCommand()
        : base("train", "Train a model, then evaluate it on speakers not seen in training.")
    {
        dataDirs = Flags(
            "--data_dirs",
            "Feature folders: stores written by extract, or .npz files of the reference implementation."
        );
        workdir = Flag<string?>("--workdir", "Folder that holds checkpoints/, logs/ and analysis_results/.", ".");
        resume = Flag<string?>("--resume", "Resume this run from its last checkpoint; needs no other option.", null);
        init = Flag<string?>(
            "--init",
            "Start from the weights of this .keras file instead of random initialization; "
                + "feature dimension and labels must match.",
            null
        );
        fold = Flag<int?>("--fold", "Train only this fold, from 1 to --folds.", null);
        trainOnly = Flag(
            "--train_only",
            "Skip evaluation, for folds trained in parallel; train --resume RUN or evaluate RUN evaluates them all.",
            false
        );
        var defaults = new TrainingOptions();
        recipe = new(
            Flag<string?>(
                "--recipe",
                "Set of defaults: default, or original, the choices of the reference Keras implementation.",
                "default"
            ),
            Flag<string?>("--model", "Network: v2, or v1, its predecessor, with its own defaults.", "v2"),
            Flag("--epochs", "Maximum number of epochs.", defaults.Epochs),
            Flag("--batch_size", "Clips per optimizer step.", defaults.BatchSize),
            Flag<int?>(
                "--patience",
                "Epochs without improvement of --monitor before early stopping; "
                    + $"by default {TrainingOptions.DescribeDefault(options => options.Patience)}.",
                null
            ),
            Flag("--learning_rate", "Initial learning rate of Adam.", defaults.LearningRate),
            Flag<double?>(
                "--beta2",
                $"Decay rate of Adam's second moment; by default the recipe's, {defaults.Beta2}.",
                null
            ),
            Flag<double?>(
                "--plateau_factor",
                "Factor applied to the learning rate when val_loss stops improving; "
                    + $"by default the recipe's, {defaults.PlateauFactor}.",
                null
            ),
            Flag<int?>(
                "--plateau_patience",
                "Epochs without improvement of val_loss before the learning rate is reduced; "
                    + $"by default {TrainingOptions.DescribeDefault(options => options.PlateauPatience)}.",
                null
            ),
            Flag("--min_learning_rate", "Lower bound for learning-rate reduction.", defaults.MinLearningRate),
            Flag<double?>(
                "--noise",
                "Standard deviation of the Gaussian noise added to features; 0 disables it; "
                    + $"by default {TrainingOptions.DescribeDefault(options => options.Noise)}.",
                null
            ),
            Flag<double?>(
                "--mixup",
                $"Alpha of MixUp's beta distribution; 0 disables it; by default the recipe's, {defaults.MixUp}.",
                null
            ),
            Flag("--disable_augmentation", "Disable noise, MixUp, masks and tempo changes.", false),
            Flag<int?>(
                "--time_masks",
                $"Time masks per clip; by default {TrainingOptions.DescribeDefault(options => options.TimeMasks)}.",
                null
            ),
            Flag(
                "--time_mask_share",
                "Maximum length of a time mask, as a fraction of the clip.",
                defaults.TimeMaskShare
            ),
            Flag<int?>(
                "--frequency_masks",
                "Frequency masks per clip; "
                    + $"by default {TrainingOptions.DescribeDefault(options => options.FrequencyMasks)}.",
                null
            ),
            Flag(
                "--frequency_mask_bands",
                "Maximum width of a frequency mask, in mel bands.",
                defaults.FrequencyMaskBands
            ),
            Flag<double?>(
                "--tempo",
                "Maximum random change of tempo, as a fraction; "
                    + $"by default {TrainingOptions.DescribeDefault(options => options.Tempo)}.",
                null
            ),
            Flag<int?>(
                "--copies",
                "Augmented copies of each clip per epoch; "
                    + $"by default {TrainingOptions.DescribeDefault(options => options.Copies)}.",
                null
            ),
            Flag<int?>(
                "--band_shift",
                "Maximum random frequency shift, in mel bands; "
                    + $"by default {TrainingOptions.DescribeDefault(options => options.BandShift)}.",
                null
            ),
            Flag<double?>(
                "--gain",
                "Maximum random offset of normalized log-mel features, in standard deviations; "
                    + $"by default {TrainingOptions.DescribeDefault(options => options.Gain)}.",
                null
            ),
            Flag<double?>(
                "--lstm_dropout",
                "Dropout rate of the LSTM's input; "
                    + $"by default {TrainingOptions.DescribeDefault(options => options.LstmDropout)}.",
                null
            ),
            Flag<double?>(
                "--recurrent_dropout",
                "Dropout rate of the LSTM's recurrent state; "
                    + $"by default {TrainingOptions.DescribeDefault(options => options.RecurrentDropout)}.",
                null
            ),
            Flag<double?>(
                "--attention_scale",
                "Initial value of the learned factor of the self-attention logits; "
                    + $"by default {TrainingOptions.DescribeDefault(options => options.AttentionScale)}.",
                null
            ),
            Flag<string?>(
                "--batch_norm",
                "Batch normalization statistics for evaluation: moving, the running statistics as in Keras, "
                    + "or recalibrated on the training set after each epoch; "
                    + $"by default {TrainingOptions.DescribeDefault(options => options.BatchNorm)}.",
                null
            ),
            Flag<string?>(
                "--class_weight",
                "Class weights of the loss: balanced or none; by default the recipe's.",
                null
            ),
            Flag<string?>("--monitor", "Metric that selects the best epoch: val_accuracy or val_uar.", "val_accuracy"),
            Flag<string?>(
                "--normalize",
                "Feature normalization: corpus, speaker (statistics of each speaker's own clips, "
                    + "evaluated ones included: transductive) or none; by default the recipe's.",
                null
            ),
            Flag<string?>(
                "--padding",
                "Zero padding of clips: none, or longest, up to the longest clip; by default the recipe's.",
                null
            ),
            Flag("--seed", "Random seed.", 0UL),
            Flag("--threads", "Number of threads; results do not depend on it.", Environment.ProcessorCount),
            Flag("--folds", "Folds of cross-validation over speakers; 0 uses one train/validation/test split.", 0),
            Flag<string?>(
                "--split",
                "Unit of the split: speaker, or random, by clip (speaker leakage: overestimates performance); "
                    + "by default the recipe's, speaker.",
                null
            ),
            MaxInvalidFraction(),
            Flag(
                "--checkpoint_every",
                "Write a checkpoint every N steps as well as after each epoch; 0: after each epoch only.",
                0
            ),
            Flag(
                "--exact_convolution",
                "Compute convolutions directly instead of by Winograd's algorithm: "
                    + "1.7 times the time per step, a few bits closer to Keras.",
                false
            ),
            LabelFlags(),
            init,
            OutputFlags()
        );
    }

    public override int Run(ParseResult given, ConsoleOutput console, CancellationToken cancellationToken)
    {
        var folder = Path.GetFullPath(given.GetValue(workdir)!);
        if (given.GetValue(resume) is { } name)
            return Resume(folder, Path.GetFileName(name.TrimEnd('/')), given, console, cancellationToken);
        var options = recipe.WithInitial(given, recipe.Read(given));
        RequireFold(given, options);
        using var store = Open(given);
        // Created first: unusable clips or labels must not leave an empty run behind.
        var experiment = Prepare(console, store, options);
        var run = RunDirectory.Create(folder, options.Training.Model, TimeProvider.System);
        AtomicFile.WriteText(run.Configuration, Text(ConfigFile.Resolved(this, given, dataDirs, workdir, init)));
        Train(
            run,
            experiment,
            options,
            given.GetValue(fold),
            given.GetValue(trainOnly),
            store,
            console,
            cancellationToken
        );
        return ExitCode.Done;
    }

    /// <summary>Parses the configuration of a run into train's command line.</summary>
    /// <exception cref="InvalidInputException">There is no such run.</exception>
    public ParseResult Saved(RunDirectory run)
    {
        if (!File.Exists(run.Configuration))
            throw new InvalidInputException(
                $"{run.Name}: no such run under {run.WorkFolder} ({run.Configuration} is missing)"
            );
        var root = new RootCommand();
        root.Subcommands.Add(Definition);
        var bare = root.Parse(["train"]);
        var configuration = RemotePaths.ToLocal(
            ConfigFile.Read(run.Configuration),
            Path.Combine(run.Analysis, RemotePaths.FileName)
        );
        var flags = ConfigFile.Fields(configuration, run.Configuration);
        var saved = root.Parse(ConfigFile.Expand(this, bare, ["train"], flags, run.Configuration));
        return saved.Errors.Count == 0
            ? saved
            : throw new InvalidFileException(
                run.Configuration,
                null,
                saved.Errors[0].Message,
                "the configuration of a run",
                "start a new run with train"
            );
    }

    /// <summary>The options of a saved command line.</summary>
    public ExperimentOptions Options(ParseResult given) => recipe.Read(given);

    /// <summary>The features of a saved command line.</summary>
    public FeatureStore Open(ParseResult given)
    {
        var folders = given.GetValue(dataDirs)!;
        return folders.Length > 0
            ? FeatureStore.Open([.. folders.Select(Path.GetFullPath)])
            : throw new UsageException("--data_dirs is missing: give the folder that extract wrote");
    }

    /// <summary>The feature folders of a command line.</summary>
    public IReadOnlyList<string> DataFolders(ParseResult given) => given.GetValue(dataDirs)!;

    /// <summary>The model file that initializes the weights; null: random initialization.</summary>
    public string? Initial(ParseResult given) => given.GetValue(init);

    /// <summary>The configuration of a run on another machine.</summary>
    /// <param name="folder">Its working folder on that machine.</param>
    /// <param name="data">The feature folders on that machine, in the order of the command line.</param>
    /// <param name="initial">The model file on that machine that initializes the weights; null: random.</param>
    /// <param name="threads">Used unless the command line gives a number of threads.</param>
    public string ConfigurationAt(
        ParseResult given,
        string folder,
        IReadOnlyList<string> data,
        string? initial,
        int threads
    )
    {
        var configuration = ConfigFile.Resolved(this, given, dataDirs, workdir, init);
        configuration["workdir"] = folder;
        configuration["init"] = initial;
        configuration["data_dirs"] = new JsonArray([.. data.Select(path => (JsonNode)path)]);
        if (given.GetResult(recipe.Threads) is null or { Implicit: true })
            configuration["threads"] = threads;
        return Text(configuration);
    }

    /// <summary>Validates a command line and opens its features, without creating a run.</summary>
    /// <exception cref="UsageException">An option is invalid; the message lists all errors.</exception>
    /// <exception cref="InvalidInputException">The features cannot be read.</exception>
    public ExperimentOptions Check(ParseResult given)
    {
        var options = CheckFlags(given);
        Open(given).Dispose();
        return options;
    }

    /// <summary>As <see cref="Check"/>, for features that are not extracted yet.</summary>
    public ExperimentOptions CheckFlags(ParseResult given)
    {
        if (
            given.GetResult(resume) is { Implicit: false }
            || given.GetResult(workdir) is { Implicit: false }
            || given.GetValue(Quiet)
            || given.GetValue(trainOnly)
        )
            throw new UsageException(
                "after --: --resume is an option of deploy, --workdir is its --dir, --quiet would leave the log empty, "
                    + "and --train_only would leave the run without a report"
            );
        var options = recipe.WithInitial(given, recipe.Read(given));
        RequireFold(given, options);
        return options;
    }

    private static string Text(JsonObject configuration) =>
        configuration.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";

    private int Resume(
        string folder,
        string name,
        ParseResult given,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        var run = new RunDirectory(folder, name);
        var saved = Saved(run);
        var options = recipe.WithInitial(saved, Options(saved));
        using var store = Open(saved);
        var experiment = Prepare(console, store, options);
        var only = given.GetValue(fold) ?? saved.GetValue(fold);
        var open = experiment
            .FoldNumbers.Where(k =>
                (only is null || k == only) && !AttnCrnn.Training.Trainer.IsFinished(run.GetResumeFolder(k))
            )
            .ToList();
        if (open.Count == 0 && File.Exists(run.Report))
        {
            console.Result($"{name} is finished; its report is {run.Report}");
            return ExitCode.Done;
        }
        Train(run, experiment, options, only, given.GetValue(trainOnly), store, console, cancellationToken);
        return ExitCode.Done;
    }

    private static void Train(
        RunDirectory run,
        Experiment experiment,
        ExperimentOptions options,
        int? only,
        bool trainOnly,
        FeatureStore store,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        var session = new TrainingSession(run, experiment, options, store, console);
        session.Train(only, cancellationToken);
        if (!trainOnly)
            session.EvaluateAndReport(cancellationToken);
    }

    private static Experiment Prepare(ConsoleOutput console, FeatureStore store, ExperimentOptions options)
    {
        foreach (var finding in store.InvalidClips)
            console.Error($"invalid: {finding.Path}: {finding.Message}");
        var experiment = new Experiment(store, options);
        console.Info(
            $"{store.Clips.Count} clips of {store.Description.Encoder}; classes {string.Join(", ", experiment.Labels)}"
        );
        console.Info(experiment.Splits[0].Description);
        if (experiment.SpeakerNormalization is { } report)
            console.Info(report.ToString());
        foreach (var notice in options.Initial?.Notices ?? [])
            console.Info(notice);
        if (options.Initial is { } initial)
            console.Info(DescribeWarmStart(initial.Info, options));
        return experiment;
    }

    private static string DescribeWarmStart(TrainedModelInfo model, ExperimentOptions options) =>
        $"warm start: the weights are those of {options.InitialPath}, the state of Adam is new. "
        + $"They were trained on features normalized by '{model.Normalization.Kind}'; "
        + $"this run normalizes by '{options.Training.Normalize}', with its own statistics"
        + (
            model.IsFixedLength
                ? $". Its input has a fixed length of {model.Padding} frames; the models of this run take any"
                : ""
        );

    private void RequireFold(ParseResult given, ExperimentOptions options)
    {
        if (given.GetValue(fold) is { } k && (k < 1 || k > options.Folds))
            throw new UsageException(
                options.Folds == 0
                    ? $"--fold {k}: give the number of folds with --folds"
                    : $"--fold {k}: expected 1 to {options.Folds}"
            );
    }
}
