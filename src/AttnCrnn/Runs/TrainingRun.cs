using System.Text.Json.Nodes;
using AttnCrnn.Evaluation;
using AttnCrnn.Features;
using AttnCrnn.Models;
using AttnCrnn.Options;
using AttnCrnn.Training;

namespace AttnCrnn.Runs;

/// <summary>
/// A run: its folders, its resolved configuration and its experiment. It can be started, resumed and evaluated; every
/// fold can be trained by a process of its own.
/// </summary>
/// <example>
/// <code>
/// using var run = TrainingRun.Start(configuration, RunProgram.Current);
/// run.Train(progress: null, CancellationToken.None);
/// var result = run.Evaluate(new RunReportWriter(), CancellationToken.None);
/// </code>
/// </example>
public sealed class TrainingRun : IDisposable
{
    private readonly RunProgram program;
    private readonly FeatureStore store;
    private readonly FoldRecorder recorder;
    private readonly RunConfiguration? savedConfiguration; // of an existing run, without changes for this process

    private TrainingRun(
        RunDirectory directory,
        PreparedRun prepared,
        RunProgram program,
        RunConfiguration? savedConfiguration
    )
    {
        this.savedConfiguration = savedConfiguration;
        Directory = directory;
        Configuration = prepared.Configuration;
        Experiment = prepared.Experiment;
        store = prepared.Store;
        this.program = program;
        recorder = new(this, program.Clock);
    }

    /// <summary>The folders and files of the run.</summary>
    public RunDirectory Directory { get; }

    /// <summary>The configuration as it is used: no default is left open.</summary>
    public RunConfiguration Configuration { get; }

    /// <summary>Its clips, classes and splits.</summary>
    public Experiment Experiment { get; }

    /// <summary>Its features.</summary>
    public FeatureStore Store => store;

    /// <summary>Version of the program that has opened the run.</summary>
    public string ProgramVersion => program.Version;

    /// <summary>
    /// Why the interruption or the error that ended the last training is not recorded in progress.jsonl: its file
    /// could not be written. null: it is recorded, or the training did not fail.
    /// </summary>
    public string? UnrecordedFailure => recorder.UnrecordedFailure;

    /// <summary>
    /// Prepares a run and creates its folders; nothing is created if the options or the data are invalid.
    /// </summary>
    /// <exception cref="InvalidInputException">An option is invalid, or the features cannot be read.</exception>
    public static TrainingRun Start(RunConfiguration configuration, RunProgram program)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(program);
        InvalidOptionsException.ThrowIfAny(configuration.Errors());
        var prepared = PreparedRun.Create(configuration.WithAbsolutePaths(), withInitialModel: true);
        try
        {
            prepared.Experiment.RequireNoLeaks();
            var directory = RunDirectory.Create(
                Path.GetFullPath(configuration.WorkFolder),
                NetworkVersions.Format(configuration.Experiment.Training.Model),
                program.Clock
            );
            RunConfigurationFile.Write(directory.Configuration, prepared.Configuration);
            return new(directory, prepared, program, savedConfiguration: null);
        }
        catch
        {
            prepared.Dispose();
            throw;
        }
    }

    /// <summary>Opens an existing run, to resume or to evaluate it.</summary>
    /// <param name="saved">Its configuration, as read by <see cref="RunDirectory.ReadConfiguration"/>.</param>
    /// <param name="change">Changes the configuration for this process, such as its threads; null for none.</param>
    /// <param name="withInitialModel">
    /// Whether the model that initializes the weights is read, which only training needs.
    /// </param>
    /// <exception cref="InvalidInputException">Its features or its initial model cannot be read.</exception>
    public static TrainingRun Open(
        RunDirectory directory,
        RunConfiguration saved,
        RunProgram program,
        Func<RunConfiguration, RunConfiguration>? change = null,
        bool withInitialModel = true
    )
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(saved);
        ArgumentNullException.ThrowIfNull(program);
        var configuration = directory.WithDefaultsOfCheckpoints(saved);
        var changed = change?.Invoke(configuration) ?? configuration;
        if (directory.HasStarted)
            changed = changed with { Experiment = changed.Experiment with { ClipsIfTooFewSpeakers = true } };
        InvalidOptionsException.ThrowIfAny(changed.Errors());
        return new(directory, PreparedRun.Create(changed, withInitialModel), program, configuration);
    }

    /// <summary>The folds that are not trained yet; a single null without folds.</summary>
    public IReadOnlyList<int?> FindUnfinishedFolds() =>
        [.. SelectFolds().Where(fold => !Trainer.IsFinished(Directory.GetResumeFolder(fold)))];

    /// <summary>Whether all folds are trained and the report is written, also those of all seeds.</summary>
    public bool IsFinished =>
        FindUnfinishedFolds().Count == 0
        && File.Exists(Directory.Report)
        && Configuration.Seeds.Skip(1).Select(Directory.GetSeed).All(IsSeedFinished);

    /// <summary>
    /// Trains the folds of the configuration that are not trained yet, as <see cref="TrainFold"/> does.
    /// </summary>
    public void Train(IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        foreach (var fold in SelectFolds())
            TrainFold(fold, progress, cancellationToken);
    }

    /// <summary>
    /// Trains one fold, or resumes its training from the last checkpoint. Its events are recorded in
    /// <c>progress.jsonl</c>, in the folder of its logs (docs/progress.md); a fold that is trained already has none.
    /// </summary>
    /// <param name="fold">
    /// Counted from 1; null without folds. The remaining time of the events includes the later folds of the
    /// configuration.
    /// </param>
    /// <param name="progress">Receives each event before it is recorded.</param>
    /// <exception cref="OperationCanceledException">
    /// The caller canceled; the checkpoint is written, from which <see cref="Open"/> resumes.
    /// </exception>
    /// <exception cref="TrainingException">The training diverged, or a file cannot be written.</exception>
    public TrainingOutcome TrainFold(
        int? fold,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        return Trainer.IsFinished(Directory.GetResumeFolder(fold))
            ? Run(progress)
            : recorder.Train(fold, progress, Run);

        TrainingOutcome Run(IProgress<TrainingProgress>? receiver) =>
            Experiment.Train(
                fold,
                new(Directory, CreatePublicConfiguration(), program.Version, program.Clock)
                {
                    DefaultsVersion = Configuration.DefaultsVersion,
                },
                receiver,
                cancellationToken
            );
    }

    /// <summary>Evaluates the trained folds on their test sets, and counts the evaluation.</summary>
    /// <param name="writer">Writes the report; null for none.</param>
    public EvaluationResult Evaluate(IRunReportWriter? writer, CancellationToken cancellationToken)
    {
        var result = TestSetLedger.Record(
            Directory.WorkFolder,
            Directory.Name,
            Experiment.Evaluate(Directory, cancellationToken),
            program.Clock
        );
        result = result.WithRepeats(RepeatedMetricsReader.Read(this, result));
        writer?.Write(this, result);
        return result;
    }

    /// <summary>
    /// Opens the run of a further seed of a repeated run, or starts it: with the same split, in folders inside this
    /// run's, and with the folds and threads of this process.
    /// </summary>
    /// <param name="seed">One of <see cref="RunConfiguration.Seeds"/>, without the first.</param>
    public TrainingRun OpenSeed(ulong seed)
    {
        var directory = Directory.GetSeed(seed);
        var experiment = Configuration.Experiment;
        var configuration = Configuration with
        {
            Repeat = 1,
            Experiment = experiment with
            {
                SplitSeed = experiment.SplitSeed ?? experiment.Training.Seed,
                Training = experiment.Training with { Seed = seed },
            },
        };
        var prepared = PreparedRun.Create(configuration, withInitialModel: experiment.Initial is not null);
        System.IO.Directory.CreateDirectory(directory.Checkpoints);
        // Processes that train a fold each start the seed together.
        RunConfigurationFile.Create(
            directory.Configuration,
            prepared.Configuration with
            {
                Fold = null,
                TrainOnly = false,
            }
        );
        return new(directory, prepared, program, savedConfiguration: null);
    }

    /// <summary>The newest checkpoint of any fold; null if there is none.</summary>
    public string? FindNewestCheckpoint() =>
        Experiment
            .FoldNumbers.SelectMany(fold => Trainer.ListCheckpoints(Directory.GetModelFolder(fold)))
            .OrderByDescending(File.GetLastWriteTimeUtc)
            .FirstOrDefault();

    /// <summary>
    /// Records the program, the machine and the data with the run, and the values of the options that its configuration
    /// leaves open.
    /// </summary>
    public void RecordStart()
    {
        if (savedConfiguration is not null)
            RunConfigurationFile.Complete(
                Directory.Configuration,
                savedConfiguration.Resolve(store.Description.Encoder)
            );
        RunProvenance
            .Create(program.Assembly, store, Configuration.Experiment.Training.Threads)
            .AddTo(Directory.GetProvenancePath(Configuration.Fold), program.Clock.GetLocalNow());
    }

    /// <summary>The folds of the configuration: one, or all.</summary>
    public IEnumerable<int?> SelectFolds() =>
        Experiment.FoldNumbers.Where(fold => Configuration.Fold is null || fold == Configuration.Fold);

    /// <inheritdoc/>
    public void Dispose() => store.Dispose();

    private bool IsSeedFinished(RunDirectory seed) =>
        SelectFolds().All(fold => Trainer.IsFinished(seed.GetResumeFolder(fold))) && File.Exists(seed.Report);

    // Models are shared, so they contain the names of the feature folders without the paths of this machine.
    private JsonObject CreatePublicConfiguration()
    {
        var json = RunConfigurationFile.ToJson(Configuration);
        json.Remove(OptionKeys.WorkFolder.Name);
        json.Remove(OptionKeys.Threads.Name);
        foreach (var key in (OptionKey[])[OptionKeys.ExplainClips, OptionKeys.WithNames, OptionKeys.EmbedAudio])
            json.Remove(key.Name); // of the report, not of the model
        json[OptionKeys.DataFolders.Name] = new JsonArray([
            .. Configuration.DataFolders.Select(folder =>
                (JsonNode?)Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))
            ),
        ]);
        if (Configuration.Experiment.InitialPath is { } path)
            json[OptionKeys.Init.Name] = Path.GetFileName(path);
        return json;
    }
}
