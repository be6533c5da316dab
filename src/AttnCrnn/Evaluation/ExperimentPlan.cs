using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Features;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Training;

namespace AttnCrnn.Evaluation;

/// <summary>Classes and splits of an experiment.</summary>
/// <param name="LabelOfClip">[clips of the store], null for a clip without a class.</param>
/// <param name="Labels">The classes, sorted.</param>
/// <param name="Splits">One split per fold; a single one without folds.</param>
/// <param name="SpeakerNormalization">Null without <c>--normalize speaker</c>.</param>
internal sealed record ExperimentPlan(
    string?[] LabelOfClip,
    IReadOnlyList<string> Labels,
    IReadOnlyList<DatasetSplit> Splits,
    SpeakerNormalizationReport? SpeakerNormalization
)
{
    /// <summary>Maps the labels and splits the clips.</summary>
    /// <exception cref="InvalidInputException">
    /// The options are invalid, too many clips are invalid, the rules leave no classes, the clips cannot be split,
    /// speaker normalization lacks speakers, or the initial weights do not fit.
    /// </exception>
    public static ExperimentPlan Create(FeatureStore store, ExperimentOptions options)
    {
        RequireValid(options.Errors());
        RequireValidClips(store, options.MaxInvalidFraction);
        var labelOfClip = MapLabels(store, options.LabelRules);
        var labels = FindClasses(labelOfClip);
        if (options.Initial is { Info: var model }) // throws if the model does not fit
            InitialWeights.ResolveNetworkOptions(model, store.Description.Encoder, labels, options.Training.Model);
        var splits = SplitClips(store, labelOfClip, options);
        var speakerNormalization = options.Training.Normalize == "speaker" ? RequireSpeakers(store, splits[0]) : null;
        return new(labelOfClip, labels, splits, speakerNormalization);
    }

    /// <summary>Applies the rules to the labels of a store's clips.</summary>
    /// <returns>[clips], null for a clip without a class.</returns>
    /// <exception cref="InvalidInputException">A rule contains a label that no clip has.</exception>
    public static string?[] MapLabels(FeatureStore store, LabelRules rules)
    {
        RequireValid(rules.Check(store.Clips.Select(clip => clip.Label).OfType<string>()));
        return [.. store.Clips.Select(clip => clip.Label is { } label ? rules.Apply(label) : null)];
    }

    /// <exception cref="InvalidInputException">More of a store's clips are invalid than allowed.</exception>
    public static void RequireValidClips(FeatureStore store, double maxInvalidFraction)
    {
        var total = store.Clips.Count + store.InvalidClips.Count;
        if (store.InvalidClips.Count <= maxInvalidFraction * total)
            return;
        var first = store.InvalidClips[0];
        throw new InvalidInputException(
            $"{store.InvalidClips.Count} of {total} clips are invalid, more than --max_bad {maxInvalidFraction:0.####} "
                + $"allows; for example {first.Path}: {first.Message}"
        );
    }

    private static void RequireValid(IEnumerable<string> errors)
    {
        var errorList = errors.ToList();
        if (errorList.Count > 0)
            throw new InvalidInputException(string.Join("; ", errorList));
    }

    private static List<string> FindClasses(string?[] labelOfClip)
    {
        List<string> labels = [.. labelOfClip.OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        if (labels.Count < 2)
            throw new InvalidInputException(
                $"{labels.Count} classes among {labelOfClip.Length} clips ({string.Join(", ", labels)}): expected "
                    + "at least 2; labels are folder names or a manifest's column"
            );
        return labels;
    }

    private static IReadOnlyList<DatasetSplit> SplitClips(
        FeatureStore store,
        string?[] labelOfClip,
        ExperimentOptions options
    )
    {
        SplitClip[] clips =
        [
            .. store.Clips.Zip(labelOfClip, (clip, label) =>
                new SplitClip($"{clip.Path}|{clip.StartSeconds}|{clip.EndSeconds}", label, clip.Speaker, clip.Split)
            ),
        ];
        Func<uint, ulong, uint> randomBelow = new RandomStream(options.Training.Seed)
            .ForStream(RandomStreamId.Split)
            .SampleBelow;
        return options.Folds > 0
            ? DatasetSplitter.CreateFolds(clips, options.Folds, options.RandomSplit, randomBelow)
            : [DatasetSplitter.CreateTrainValidationTest(clips, options.RandomSplit, randomBelow)];
    }

    private static SpeakerNormalizationReport RequireSpeakers(FeatureStore store, DatasetSplit split)
    {
        var clipsOfSplit = Enumerable.Range(0, store.Clips.Count).Where(clip => split.Subsets[clip] is not null);
        var report = SpeakerNormalizationReport.Create(store.Clips, clipsOfSplit);
        if (!report.IsTransductive)
            throw new InvalidInputException(
                $"--normalize speaker: {report.Description} Add a speaker column to the manifest and extract "
                    + "again, or train with --normalize corpus"
            );
        return report;
    }
}
