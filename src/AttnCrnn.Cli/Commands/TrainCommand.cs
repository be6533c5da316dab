using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Evaluation;
using AttnCrnn.Features;
using AttnCrnn.IO;
using AttnCrnn.Models;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Commands;

/// <summary>Trains by the recipe, then judges the test side.</summary>
internal sealed class TrainCommand : CliCommand
{
    private readonly Option<string[]> dataDirs;
    private readonly Option<string?> workdir,
        resume,
        init;
    private readonly Option<int?> fold;
    private readonly Option<bool> trainOnly;
    private readonly TrainFlags recipe;

    public TrainCommand()
        : base("train", "Trains by the recipe, then judges speakers that the model has not heard.")
    {
        dataDirs = Flags("--data_dirs", "folders of frames: stores that extract made, or the original's .npz");
        workdir = Flag<string?>("--workdir", "where checkpoints/, logs/ and analysis_results/ are", ".");
        resume = Flag<string?>("--resume", "RUN: goes on with a run where it was; needs no other flag", null);
        init = Flag<string?>(
            "--init",
            "FILE.keras: begins with this model's weights and not with drawn ones; frames and labels must be alike",
            null
        );
        fold = Flag<int?>("--fold", "K: trains this fold alone", null);
        trainOnly = Flag(
            "--train_only",
            "judges nothing: for folds that are trained beside each other, until train --resume RUN or evaluate RUN judges them all",
            false
        );
        recipe = new(
            Flag<string?>("--recipe", "default, or original: all that the original decided otherwise", "default"),
            Flag<string?>("--model", "v2, or v1, the network that it replaced, with its own recipe", "v2"),
            Flag("--epochs", "at most", 30),
            Flag("--batch_size", "clips a step", 32),
            Flag<int?>(
                "--patience",
                "epochs without a better --monitor; by default 15 for log-mel and Whisper, 6 for others",
                null
            ),
            Flag("--learning_rate", "Adam's, at the start", 1e-3),
            Flag<double?>("--beta2", "Adam's; by default the recipe's, 0.98", null),
            Flag<double?>(
                "--plateau_factor",
                "the learning rate's, when val_loss stands still; by default the recipe's, 0.5",
                null
            ),
            Flag<int?>(
                "--plateau_patience",
                "epochs that val_loss may stand still; by default 3 for log-mel and Whisper, 2 for others",
                null
            ),
            Flag("--min_learning_rate", "the lowest", 3e-5),
            Flag<double?>(
                "--noise",
                "standard deviation of Gaussian noise on features, 0: off; by default 0.35 for Whisper, 0.005 for others",
                null
            ),
            Flag<double?>("--mixup", "α, 0: off; by default the recipe's, 0.2", null),
            Flag("--disable_augmentation", "no noise, MixUp, masks or tempo", false),
            Flag<int?>("--time_masks", "masks over time per clip; by default 2 for log-mel and Whisper", null),
            Flag("--time_mask_share", "the longest, as a share of the clip", 0.15),
            Flag<int?>("--frequency_masks", "masks over bands a clip; by default 2 for log-mel", null),
            Flag("--frequency_mask_bands", "the widest", 12),
            Flag<double?>("--tempo", "how much faster or slower a clip may become; by default 0.15 for log-mel", null),
            Flag<int?>(
                "--copies",
                "how often an epoch shows each clip, augmented anew; by default 8 for log-mel, 2 for Whisper",
                null
            ),
            Flag<int?>("--band_shift", "bands that a clip may be shifted up or down; by default 3 for log-mel", null),
            Flag<double?>(
                "--gain",
                "how much louder or softer a clip may become, in deviations; by default 0.1 for log-mel",
                null
            ),
            Flag<double?>(
                "--lstm_dropout",
                "of the LSTM's input; by default 0 for log-mel and Whisper, 0.3 for others",
                null
            ),
            Flag<double?>(
                "--recurrent_dropout",
                "of the LSTM's state; by default 0 for log-mel and Whisper, 0.3 for others",
                null
            ),
            Flag<double?>(
                "--attention_scale",
                "what the self-attention's logits are multiplied by at the start, before it is learned; by default 0.0625 for Whisper, 1 for others",
                null
            ),
            Flag<string?>(
                "--batch_norm",
                "moving, as Keras has it, or recalibrated after each epoch; by default recalibrated for log-mel and Whisper",
                null
            ),
            Flag<string?>("--class_weight", "balanced or none; by default the recipe's", null),
            Flag<string?>("--monitor", "val_accuracy or val_uar", "val_accuracy"),
            Flag<string?>(
                "--normalize",
                "corpus, speaker (each speaker's own clips, the judged ones too: transductive) or none; by default the recipe's",
                null
            ),
            Flag<string?>("--padding", "none or longest; by default the recipe's", null),
            Flag("--seed", "the one source of chance", 0UL),
            Flag("--threads", "to compute with", Environment.ProcessorCount),
            Flag("--folds", "K: cross-validation; 0: three sides", 0),
            Flag<string?>(
                "--split",
                "speaker, or random: clips without regard to speakers, whose figures flatter",
                null
            ),
            Flag("--max_bad", "the share of clips that may be bad", 0.01),
            Flag("--checkpoint_every", "N: a checkpoint every N steps too, and not at each epoch's end alone", 0),
            Flag(
                "--exact_convolution",
                "direct products instead of Winograd's: a step takes 1.7 times as long, and is a few bits nearer to Keras",
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
        // The experiment is made first: clips or labels that cannot be used must not leave an empty run behind.
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

    /// <summary>A run's command line, as its configuration has it.</summary>
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
        var flags = ConfigFile.Read(run.Configuration);
        RemotePaths.Localise(flags, Path.Combine(run.Analysis, RemotePaths.FileName));
        var saved = root.Parse(ConfigFile.Expand(this, bare, ["train"], flags, run.Configuration));
        return saved.Errors.Count == 0
            ? saved
            : throw new InvalidFileException(
                run.Configuration,
                null,
                saved.Errors[0].Message,
                "the configuration of a run",
                "train anew"
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
            : throw new UsageException("--data_dirs is missing: name the folder that extract wrote");
    }

    /// <summary>The folders of features that a command line names.</summary>
    public IReadOnlyList<string> DataFolders(ParseResult given) => given.GetValue(dataDirs)!;

    /// <summary>The model file with whose weights a command line begins; null where it names none.</summary>
    public string? Initial(ParseResult given) => given.GetValue(init);

    /// <summary>The configuration of a run that is to be elsewhere.</summary>
    /// <param name="folder">Its working folder there.</param>
    /// <param name="data">The folders of features there, in the order of the command line.</param>
    /// <param name="initial">The model there with whose weights it begins; null where the command line names none.</param>
    /// <param name="threads">Where the command line does not say with how many.</param>
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

    /// <summary>Sees that a command line can be a run's, before it is one.</summary>
    /// <exception cref="UsageException">The message says all that is wrong.</exception>
    /// <exception cref="InvalidInputException">The features cannot be read.</exception>
    public ExperimentOptions Check(ParseResult given)
    {
        var options = CheckFlags(given);
        Open(given).Dispose();
        return options;
    }

    /// <summary>As <see cref="Check"/>, where the features are still to be made.</summary>
    public ExperimentOptions CheckFlags(ParseResult given)
    {
        if (
            given.GetResult(resume) is { Implicit: false }
            || given.GetResult(workdir) is { Implicit: false }
            || given.GetValue(Quiet)
            || given.GetValue(trainOnly)
        )
            throw new UsageException(
                "after --: --resume is deploy's own flag, --workdir is its --dir, --quiet would leave the log empty, and --train_only the run without a report"
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
                (only is null || k == only)
                && !AttnCrnn.Training.Trainer.IsFinished(Path.Combine(run.Models(k), "resume"))
            )
            .ToList();
        if (open.Count == 0 && File.Exists(Path.Combine(run.Analysis, "report.html")))
        {
            console.Result($"{name} is finished; its report is {Path.Combine(run.Analysis, "report.html")}");
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
        foreach (var remark in store.InvalidClips)
            console.Error($"bad: {remark.Path}: {remark.Message}");
        var experiment = new Experiment(store, options);
        console.Info(
            $"{store.Clips.Count} clips of {store.Description.Encoder}; classes {string.Join(", ", experiment.Labels)}"
        );
        console.Info(experiment.Splits[0].Description);
        if (experiment.Adaptation is { } adaptation)
            console.Info(adaptation.ToString());
        foreach (var notice in options.Initial?.Notices ?? [])
            console.Info(notice);
        if (options.Initial is { } initial)
            console.Info(IsNewRun(initial.Model, options));
        return experiment;
    }

    private static string IsNewRun(TrainedModelInfo model, ExperimentOptions options) =>
        $"training begins with the weights of {options.InitialPath}, and Adam anew. They learned from frames normalised by '{model.Normalization.Kind}'; these are by '{options.Training.Normalize}', with this run's own figures"
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
                    ? $"--fold {k}: say of how many, with --folds"
                    : $"--fold {k}: expected 1 to {options.Folds}"
            );
    }
}
