using AttnCrnn.Corpora.Auditing;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Evaluation;
using AttnCrnn.Features;
using AttnCrnn.Models;
using AttnCrnn.Training;
using AttnCrnn.Training.Batches;
using AttnCrnn.Training.Normalization;

namespace AttnCrnn.Runs;

/// <summary>Clips, classes and splits of a run: trains each fold and evaluates each test set once.</summary>
public sealed partial class Experiment
{
    private readonly FeatureStore store;
    private readonly FeatureStoreFrameSource frames;
    private readonly ExperimentOptions options;
    private readonly ExperimentPlan plan;
    private readonly Lazy<IReadOnlyList<FeatureNormalization?>> speakerNormalizations; // computed once for all folds
    private readonly Lazy<TrainingOverlap?> initialOverlap;
    private readonly Lazy<IReadOnlyList<Leak>> leaks;
    private readonly Lazy<StoreAudit> audit;

    /// <summary>Maps the labels and splits the clips.</summary>
    /// <exception cref="InvalidInputException">
    /// Too many clips are invalid, the rules leave no classes, the clips cannot be split, speaker normalization lacks
    /// speakers, or the initial weights do not fit.
    /// </exception>
    public Experiment(FeatureStore store, ExperimentOptions options)
    {
        plan = ExperimentPlan.Create(store, options);
        this.store = store;
        this.options = options;
        frames = new FeatureStoreFrameSource(store);
        initialOverlap = new(CompareWithInitial);
        leaks = new(() => LeakSearch.Find(store, plan.Splits, options, initialOverlap.Value));
        audit = new(() => StoreAudit.Create(ListUsedClips()));
        speakerNormalizations = new(() => ComputeSpeakerNormalizations(plan.RepeatedClips.ListSpeakers(store), frames));
    }

    /// <summary>The classes, sorted.</summary>
    public IReadOnlyList<string> Labels => plan.Labels;

    /// <summary>
    /// Clips that are left out because they are longer than <see cref="ExperimentOptions.MaxSeconds"/>.
    /// </summary>
    public IEnumerable<StoredClip> LongClips => plan.LongClips.Select(clip => store.Clips[clip]);

    /// <summary>
    /// What is left out of the run, which classes its sets lack, and what the audit found, one sentence each: for the
    /// user, before training.
    /// </summary>
    public IReadOnlyList<OptionText> Notices => [.. plan.Notices, .. audit.Value.Notices];

    /// <summary>
    /// Clips that are used and much longer than the others, and what a batch with one takes; in the order of the clips.
    /// </summary>
    public IReadOnlyList<ClipWarning> LongClipWarnings =>
        Runs.LongClipWarnings.Find([.. store.Clips.Where((_, clip) => plan.LabelOfClip[clip] is not null)]);

    /// <summary>
    /// What is in two subsets and makes the metrics overestimate performance, allowed by the options or not.
    /// </summary>
    public IReadOnlyList<Leak> Leaks => leaks.Value;

    /// <summary>The number of clips of the splits that were not audited, in which leaks are not looked for.</summary>
    public int UnauditedClips => LeakSearch.CountUnaudited(store, Splits);

    /// <summary>What the audit found in the clips of the splits, by name.</summary>
    public IReadOnlyList<FindingCount> Findings => audit.Value.Counts;

    /// <summary>Refuses leaks, before a training is started.</summary>
    /// <exception cref="InvalidInputException">There are leaks that the options do not allow.</exception>
    public void RequireNoLeaks()
    {
        if (LeakSearch.DescribeRefused(Leaks) is { } refused)
            throw new InvalidInputException(refused);
    }

    /// <summary>One split per fold; a single one without folds.</summary>
    public IReadOnlyList<DatasetSplit> Splits => plan.Splits;

    /// <summary>Numbers of the folds, from 1; a single null without folds.</summary>
    public IEnumerable<int?> FoldNumbers =>
        Splits[0].Facts.Folds == 0 ? [null] : Enumerable.Range(1, Splits.Count).Select(fold => (int?)fold);

    /// <summary>Names of the clips that a manifest's split leaves out; empty for another split.</summary>
    internal IReadOnlyList<string> ListUnassigned() =>
        Splits[0].Facts.Kind != SplitKind.Manifest
            ? []
            :
            [
                .. store
                    .Clips.Where((clip, index) => clip.Split is null && plan.LabelOfClip[index] is not null)
                    .Select(clip => clip.Name),
            ];

    /// <summary>Speaker normalization of the clips of all subsets; null without speaker normalization.</summary>
    public SpeakerNormalizationReport? SpeakerNormalization => plan.SpeakerNormalization;

    /// <summary>Targets from the votes of raters; null with hard targets.</summary>
    public SoftTargets? SoftTargets => plan.SoftTargets;

    /// <summary>Trains one fold, or resumes its training.</summary>
    /// <param name="fold">Counted from 1; null without folds.</param>
    public TrainingOutcome Train(
        int? fold,
        RunMetadata run,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var split = Splits[(fold ?? 1) - 1];
        var job = new TrainingJob(
            frames,
            SelectClips(split, Subset.Train),
            SelectClips(split, Subset.Validation),
            Labels,
            store.Description.Encoder,
            options.Training,
            run.Directory.GetModelFolder(fold),
            store.Synthetic,
            run.Configuration,
            run.Version
        )
        {
            SpeakerNormalizations = SpeakerNormalization is null ? null : speakerNormalizations.Value,
            SoftTargets = SoftTargets?.Targets,
            Initial = options.Initial,
            Started = run.Directory.Started,
            FirstCheckpointVersion = run.DefaultsVersion,
        };
        using var trainer = new Trainer(job, run.Clock);
        // A checkpoint of other clips is refused by Run, and must not get the clips of this store.
        var isNew = Trainer.ListCheckpoints(job.Folder).Count == 0;
        if (isNew)
            TrainingClipsFile.Write(job.Folder, TrainingClipsFile.List(store, split));
        var outcome = trainer.Run(progress, cancellationToken);
        if (!isNew)
            TrainingClipsFile.Write(job.Folder, TrainingClipsFile.List(store, split));
        return outcome;
    }

    // Uses all clips of the store, including those without a label or of an excluded class, and each recording once.
    private static IReadOnlyList<FeatureNormalization?> ComputeSpeakerNormalizations(
        string?[] speakers,
        FeatureStoreFrameSource frames
    ) => SpeakerNormalizations.Compute(frames, speakers);

    // Null for random initialization. Of all folds: each starts from the same weights.
    private TrainingOverlap? CompareWithInitial() =>
        options.InitialPath is { } path
            ? TrainingClips
                .Find([path])
                .Compare(store, [.. Splits.SelectMany(split => split.GetIndices(Subset.Test)).Distinct().Order()])
            : null;

    private StoredClip[] ListUsedClips() =>
        [.. store.Clips.Where((_, clip) => Splits.Any(split => split.Subsets[clip] is not null))];

    private TrainingClip[] SelectClips(DatasetSplit split, Subset subset)
    {
        var index = Labels.Select((label, i) => (label, i)).ToDictionary(entry => entry.label, entry => entry.i);
        return [.. split.GetIndices(subset).Select(clip => new TrainingClip(clip, index[plan.LabelOfClip[clip]!]))];
    }
}
