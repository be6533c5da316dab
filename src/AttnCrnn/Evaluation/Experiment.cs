using System.Text.Json.Nodes;
using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Features;
using AttnCrnn.Models;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Runs;
using AttnCrnn.Training;
using AttnCrnn.Training.Batches;
using AttnCrnn.Training.Checkpoints;
using AttnCrnn.Training.Normalization;

namespace AttnCrnn.Evaluation;

/// <summary>Clips, classes and splits of a run: trains each fold and evaluates each test set once.</summary>
public sealed partial class Experiment
{
    private readonly FeatureStore store;
    private readonly FeatureStoreFrameSource frames;
    private readonly ExperimentOptions options;
    private readonly string?[] labelOfClip;
    private readonly Lazy<IReadOnlyList<FeatureNormalization?>> speakerNormalizations; // computed once for all folds

    /// <summary>Maps the labels and splits the clips.</summary>
    /// <exception cref="InvalidInputException">
    /// Too many clips are invalid, the rules leave no classes, the clips cannot be split, speaker normalization lacks
    /// speakers, or the initial weights do not fit.
    /// </exception>
    public Experiment(FeatureStore store, ExperimentOptions options)
    {
        var errors = options.Errors().ToList();
        if (errors.Count > 0)
            throw new InvalidInputException(string.Join("; ", errors));
        RequireValid(store, options.MaxInvalidFraction);
        this.store = store;
        this.options = options;
        frames = new FeatureStoreFrameSource(store);
        labelOfClip = LabelsOf(store, options.Labels);
        Labels = [.. labelOfClip.OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        if (Labels.Count < 2)
            throw new InvalidInputException(
                $"{Labels.Count} classes among {store.Clips.Count} clips ({string.Join(", ", Labels)}): expected "
                    + "at least 2; labels are folder names or a manifest's column"
            );
        if (options.Initial is { } initial) // throws if the model does not fit
            InitialWeights.Network(initial.Model, store.Description.Encoder, Labels, options.Training.Model);
        SplitClip[] clips =
        [
            .. store.Clips.Select(
                (clip, i) =>
                    new SplitClip(
                        $"{clip.Path}|{clip.StartSeconds}|{clip.EndSeconds}",
                        labelOfClip[i],
                        clip.Speaker,
                        clip.Split
                    )
            ),
        ];
        Func<uint, ulong, uint> below = new RandomStream(options.Training.Seed).ForStream(RandomStreamId.Split).Below;
        Splits =
            options.Folds > 0
                ? SpeakerIndependentSplitter.Folds(clips, options.Folds, options.RandomSplit, below)
                : [SpeakerIndependentSplitter.TrainValidationTest(clips, options.RandomSplit, below)];
        speakerNormalizations = new(() => SpeakerNormalizations(store, frames));
        if (options.Training.Normalize != "speaker")
            return;
        SpeakerNormalization = SpeakerNormalizationReport.Create(
            store.Clips,
            Enumerable.Range(0, clips.Length).Where(clip => Splits[0].Subsets[clip] is not null)
        );
        if (!SpeakerNormalization.IsTransductive)
            throw new InvalidInputException(
                $"--normalize speaker: {SpeakerNormalization.Description} "
                    + "Name the speakers in a manifest's column and extract again, or train with --normalize corpus"
            );
    }

    /// <summary>The classes, sorted.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>One split per fold; a single one without folds.</summary>
    public IReadOnlyList<DatasetSplit> Splits { get; }

    /// <summary>Numbers of the folds, from 1; a single null without folds.</summary>
    public IEnumerable<int?> FoldNumbers =>
        options.Folds > 0 ? Enumerable.Range(1, options.Folds).Select(fold => (int?)fold) : [null];

    /// <summary>Evaluation protocol of the test sets, for reports.</summary>
    public EvaluationProtocol Protocol =>
        new(
            Splits[0].Method,
            Splits[0].Description + WarmStartNote,
            Splits.All(split => split.SpeakersDisjoint),
            store.Synthetic
        );

    /// <summary>Speaker normalization of the clips of all subsets; null without <c>--normalize speaker</c>.</summary>
    public SpeakerNormalizationReport? SpeakerNormalization { get; }

    /// <summary>Trains one fold, or resumes its training.</summary>
    /// <param name="fold">Counted from 1; null without folds.</param>
    public TrainingOutcome Train(
        int? fold,
        RunDirectory run,
        JsonObject configuration,
        string version,
        TimeProvider clock,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var split = Splits[(fold ?? 1) - 1];
        var job = new TrainingJob(
            frames,
            Clips(split, Subset.Train),
            Clips(split, Subset.Validation),
            Labels,
            store.Description.Encoder,
            options.Training,
            run.Models(fold),
            store.Synthetic,
            configuration,
            version
        )
        {
            SpeakerNormalizations = SpeakerNormalization is null ? null : speakerNormalizations.Value,
            Initial = options.Initial,
            Started = run.Started,
            FirstCheckpointVersion = Checkpoint.FirstVersion(run.Checkpoints),
        };
        using var trainer = new Trainer(job, clock);
        return trainer.Run(progress, cancellationToken);
    }

    /// <summary>Training options of a run with the encoder's defaults filled in.</summary>
    public TrainingOptions ResolveOptions(RunDirectory run) =>
        options.Training.WithEncoderDefaults(store.Description.Encoder, Checkpoint.FirstVersion(run.Checkpoints));

    private string WarmStartNote =>
        options.InitialPath is { } path
            ? $" Training started from the weights of {Path.GetFileName(path)}: if that model was trained on the test "
                + "speakers, the metrics overestimate performance (speaker leakage)."
            : "";

    // Uses all clips of the store, including those without a label or of an excluded class.
    private static IReadOnlyList<FeatureNormalization?> SpeakerNormalizations(
        FeatureStore store,
        FeatureStoreFrameSource frames
    ) => SpeakerStatistics.ComputeAll(frames, [.. store.Clips.Select(clip => clip.Speaker)]);

    private static string?[] LabelsOf(FeatureStore store, LabelRules rules)
    {
        var errors = rules.Check(store.Clips.Select(clip => clip.Label).OfType<string>()).ToList();
        if (errors.Count > 0)
            throw new InvalidInputException(string.Join("; ", errors));
        return [.. store.Clips.Select(clip => clip.Label is { } label ? rules.Apply(label) : null)];
    }

    private static void RequireValid(FeatureStore store, double maxInvalidFraction)
    {
        var total = store.Clips.Count + store.InvalidClips.Count;
        if (store.InvalidClips.Count <= maxInvalidFraction * total)
            return;
        var first = store.InvalidClips[0];
        throw new InvalidInputException(
            $"{store.InvalidClips.Count} of {total} clips are invalid, "
                + $"more than --max_bad {maxInvalidFraction:0.####} allows; "
                + $"the first: {first.Path}: {first.Message}"
        );
    }

    private TrainingClip[] Clips(DatasetSplit split, Subset subset)
    {
        var index = Labels.Select((label, i) => (label, i)).ToDictionary(entry => entry.label, entry => entry.i);
        return [.. split.IndicesOf(subset).Select(clip => new TrainingClip(clip, index[labelOfClip[clip]!]))];
    }
}
