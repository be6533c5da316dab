using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Auditing;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Features;
using AttnCrnn.Models;
using AttnCrnn.Options;
using AttnCrnn.Training;

namespace AttnCrnn.Runs;

/// <summary>Options of an experiment: classes, splits, training.</summary>
public sealed record ExperimentOptions
{
    /// <summary>Training options; its seed also splits, unless <see cref="SplitSeed"/> is given.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>Rules that map labels to classes.</summary>
    public LabelRules LabelRules { get; init; } = LabelRules.None;

    /// <summary>Folds of the cross-validation; none for one train/validation/test split.</summary>
    public FoldCount Folds { get; init; }

    /// <summary>How clips are split.</summary>
    public SplitMethod Split { get; init; }

    /// <summary>Speakers of the test and validation sets; none: they are assigned.</summary>
    public SpeakerLists Speakers { get; init; } = SpeakerLists.None;

    /// <summary>Seed of the splits and folds; null: that of the training.</summary>
    public ulong? SplitSeed { get; init; }

    /// <summary>
    /// Leaks with which a run is started all the same, as in <c>leak:near_duplicates</c>: what is in two subsets and
    /// makes the metrics overestimate performance. A random split allows all of them.
    /// </summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>Maximum fraction of invalid clips.</summary>
    public double MaxInvalidFraction { get; init; } = ExtractionOptions.DefaultMaxInvalidFraction;

    /// <summary>Duration of the longest clip that is used, in seconds; null for no limit.</summary>
    public double? MaxSeconds { get; init; }

    /// <summary>Model file for a warm start of every fold, named in reports; null for random initialization.</summary>
    public string? InitialPath { get; init; }

    /// <summary>Content of that file; required only for training.</summary>
    public TrainedModel? Initial { get; init; }

    /// <summary>
    /// Whether clips are assigned instead of an error if the named speakers cannot give the folds or the split that
    /// were asked for, as 0.1 did: for runs that 0.1 started, so that they keep their split.
    /// </summary>
    public bool ClipsIfTooFewSpeakers { get; init; }

    /// <summary>The split that is used: the default of the original recipe is Random.</summary>
    public SplitMethod ResolvedSplit =>
        Split == SplitMethod.Default
        && Training.Recipe == TrainingRecipe.Original
        && !Folds.DependsOnClips
        && Speakers.IsNone
            ? SplitMethod.Random
            : Split;

    /// <summary>Every option with its key, range, defaults and help.</summary>
    public static OptionTable<ExperimentOptions> Table => ExperimentOptionTable.All;

    /// <summary>The options with another number of threads, on which the results do not depend.</summary>
    public ExperimentOptions WithThreads(int threads) => this with { Training = Training with { Threads = threads } };

    /// <summary>The options with or without direct convolution.</summary>
    public ExperimentOptions WithExactConvolution(bool exactConvolution) =>
        this with
        {
            Training = Training with { ExactConvolution = exactConvolution },
        };

    /// <summary>
    /// Whether a run may start with such a leak. Whoever asks for a random split asks for a split that leaks.
    /// </summary>
    internal bool AllowsLeak(LeakKind kind) =>
        ResolvedSplit == SplitMethod.Random || Allow.Any(text => LeakKinds.ParseAllowed(text) == kind);

    /// <summary>All validation errors.</summary>
    public IEnumerable<OptionError> Errors()
    {
        foreach (var error in Training.Errors().Concat(LabelRules.Errors()))
            yield return error;
        foreach (var error in ExperimentOptionTable.FindErrors(this))
            yield return error;
        if (Folds.FindConflict(Split) is { } conflict)
            yield return new(OptionKeys.Folds, $"{Folds}", conflict);
        foreach (var error in Speakers.FindErrors(Split, Folds))
            yield return error;
        foreach (var text in Allow.Where(text => LeakKinds.ParseAllowed(text) is null))
            yield return new(
                OptionKeys.Allow,
                text,
                $"expected {string.Join(", ", LeakKinds.All.Select(kind => LeakKinds.Prefix + LeakKinds.Format(kind)))}"
            );
    }
}
