using System.Globalization;
using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Auditing;
using AttnCrnn.Corpora.Readers;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Evaluation;
using AttnCrnn.Features;
using AttnCrnn.Models;
using AttnCrnn.Models.Normalization;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Options;
using AttnCrnn.Training;

namespace AttnCrnn.Runs;

/// <summary>Classes and splits of an experiment.</summary>
/// <param name="LabelOfClip">[clips of the store], null for a clip without a class.</param>
/// <param name="Labels">The classes, sorted.</param>
/// <param name="Splits">One split per fold; a single one without folds.</param>
/// <param name="SpeakerNormalization">Null without speaker normalization.</param>
internal sealed record ExperimentPlan(
    string?[] LabelOfClip,
    IReadOnlyList<string> Labels,
    IReadOnlyList<DatasetSplit> Splits,
    SpeakerNormalizationReport? SpeakerNormalization
)
{
    private const int MinClasses = 2;

    /// <summary>Indices of the clips that are left out because they are too long.</summary>
    public IReadOnlyList<int> LongClips { get; init; } = [];

    /// <summary>Clips with the samples of another, which are left out.</summary>
    public required RepeatedClips RepeatedClips { get; init; }

    /// <summary>What is left out, and what the sets lack, one sentence each.</summary>
    public IReadOnlyList<OptionText> Notices { get; init; } = [];

    /// <summary>Targets from votes; null with hard targets.</summary>
    public SoftTargets? SoftTargets { get; init; }

    /// <summary>Maps the labels and splits the clips.</summary>
    /// <exception cref="InvalidInputException">
    /// The options are invalid, too many clips are invalid, the rules leave no classes, the clips cannot be split,
    /// speaker normalization lacks speakers, or the initial weights do not fit.
    /// </exception>
    public static ExperimentPlan Create(FeatureStore store, ExperimentOptions options)
    {
        InvalidOptionsException.ThrowIfAny(options.Errors());
        RequireValidClips(store, options.MaxInvalidFraction);
        var labelOfClip = MapLabels(store, options.LabelRules);
        var labels = FindClasses(labelOfClip);
        if (labels.Count < MinClasses)
            throw new InvalidInputException(
                $"{labels.Count} classes among {labelOfClip.Length} clips ({string.Join(", ", labels)}): expected "
                    + $"at least {MinClasses}; labels are folder names or a manifest's column"
            );
        var longClips = FindLongClips(store, labelOfClip, options.MaxSeconds);
        foreach (var clip in longClips)
            labelOfClip[clip] = null;
        labels = FindClasses(labelOfClip);
        if (labels.Count < MinClasses)
            InvalidOptionsException.ThrowIfAny([
                DescribeTooFewShortClips([.. longClips.Select(clip => store.Clips[clip].Seconds)], labels, options),
            ]);
        if (options.Initial is { Info: var model }) // throws if the model does not fit
            InitialWeights.ResolveNetworkOptions(model, store.Description.Encoder, labels, options.Training);
        return Split(store, options, labelOfClip, labels) with { LongClips = longClips };
    }

    private static ExperimentPlan Split(
        FeatureStore store,
        ExperimentOptions options,
        string?[] labelOfClip,
        IReadOnlyList<string> labels,
        bool keepsSubsets = false
    )
    {
        var repeatedClips = RepeatedClips.Find(store, labelOfClip, keepsSubsets);
        var labelOfUsedClip = repeatedClips.Exclude(labelOfClip);
        RequireDistinctClips(repeatedClips, labelOfUsedClip);
        DatasetSplit[] splits =
        [
            .. SplitClips(store, labelOfUsedClip, options)
                .Select(split =>
                    split with
                    {
                        Facts = split.Facts with { RepeatedClips = repeatedClips.Excluded.Count },
                    }
                ),
        ];
        if (splits[0].Facts.Kind == SplitKind.Manifest && !keepsSubsets)
        {
            if (options.AllowsLeak(LeakKind.EqualRecordings))
                return Split(store, options, labelOfClip, labels, keepsSubsets: true);
            RepeatedClips.RequireOneSubset(store, labelOfClip);
        }
        var speakerNormalization =
            options.Training.Normalize == NormalizationMode.Speaker
                ? RequireSpeakers(store, splits[0], repeatedClips)
                : null;
        return new(labelOfUsedClip, labels, splits, speakerNormalization)
        {
            RepeatedClips = repeatedClips,
            Notices =
            [
                .. DescribeDropped(store, options.LabelRules),
                .. (IEnumerable<OptionText>)(repeatedClips.Notice is { } notice ? [notice] : []),
                .. SplitNotices.Create(store, labelOfUsedClip, labels, splits),
            ],
            SoftTargets =
                options.Training.Targets == TargetKind.Soft
                    ? SoftTargets.Compute(store, labelOfUsedClip, options.LabelRules, labels)
                    : null,
        };
    }

    private static IEnumerable<OptionText> DescribeDropped(FeatureStore store, LabelRules rules) =>
        rules.DescribeDropped([.. store.Clips.Select(clip => clip.Label)]) is { } text
            ? [OptionText.FromString(text)]
            : [];

    /// <summary>Applies the rules to the labels of a store's clips.</summary>
    /// <returns>[clips], null for a clip without a class.</returns>
    /// <exception cref="InvalidInputException">A rule contains a label that no clip has.</exception>
    public static string?[] MapLabels(FeatureStore store, LabelRules rules)
    {
        InvalidOptionsException.ThrowIfAny(rules.Check(store.Clips.Select(clip => clip.Label).OfType<string>()));
        return [.. store.Clips.Select(clip => clip.Label is { } label ? rules.Apply(label) : null)];
    }

    /// <summary>The distributions of the votes for the classes.</summary>
    /// <returns>[clips of the store], each [classes]; null for a clip without votes for a class.</returns>
    public static double[]?[] ComputeVoteDistributions(
        FeatureStore store,
        LabelRules rules,
        IReadOnlyList<string> classes
    ) => [.. store.Clips.Select(clip => VoteDistribution.Compute(clip.Votes, rules, classes))];

    /// <exception cref="InvalidInputException">More of a store's clips are invalid than allowed.</exception>
    public static void RequireValidClips(FeatureStore store, double maxInvalidFraction)
    {
        var total = store.Clips.Count + store.InvalidClips.Count;
        if (store.InvalidClips.Count <= maxInvalidFraction * total)
            return;
        var first = store.InvalidClips[0];
        throw new InvalidInputException(
            OptionText.Create(
                $"{store.InvalidClips.Count} of {total} clips are invalid, more than "
                    + $"{OptionKeys.MaxInvalidFraction} {maxInvalidFraction:0.####} allows; "
                    + $"for example {first.Path}: {first.Message}"
            )
        );
    }

    /// <exception cref="InvalidOptionsException">The duration of a clip is unknown.</exception>
    private static int[] FindLongClips(FeatureStore store, string?[] labelOfClip, double? maxSeconds)
    {
        if (maxSeconds is not { } limit)
            return [];
        int[] used = [.. Enumerable.Range(0, store.Clips.Count).Where(clip => labelOfClip[clip] is not null)];
        var unknown = used.Count(clip => store.Clips[clip].Seconds <= 0);
        if (unknown > 0)
            InvalidOptionsException.ThrowIfAny([
                new(
                    OptionKeys.MaxSeconds,
                    string.Create(CultureInfo.InvariantCulture, $"{limit}"),
                    $"the duration of {unknown} of {used.Length} clips is unknown; omit the option, or "
                        + "extract them again"
                ),
            ]);
        return [.. used.Where(clip => store.Clips[clip].Seconds > limit)];
    }

    private static List<string> FindClasses(string?[] labelOfClip) =>
        [.. labelOfClip.OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    private static OptionError DescribeTooFewShortClips(
        double[] secondsOfLongClips,
        List<string> labels,
        ExperimentOptions options
    )
    {
        var remaining = labels.Count == 0 ? "no class remains" : $"only the class {labels[0]} remains";
        return new(
            OptionKeys.MaxSeconds,
            string.Create(CultureInfo.InvariantCulture, $"{options.MaxSeconds}"),
            string.Create(
                CultureInfo.InvariantCulture,
                $"leaves out {secondsOfLongClips.Length} clips, the shortest of {secondsOfLongClips.Min():0.###} s, "
                    + $"and {remaining}: expected at least {MinClasses}; increase it, or omit it"
            )
        );
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
                new SplitClip(CreateSplitKey(clip), label, clip.Speaker, clip.Split) { Session = clip.Session }
            ),
        ];
        Func<uint, ulong, uint> randomBelow = new RandomStream(options.SplitSeed ?? options.Training.Seed)
            .ForStream(RandomStreamId.Split)
            .SampleBelow;
        var method = options.ResolvedSplit;
        if (!options.Speakers.IsNone)
            return [SpeakerListSplit.Create(clips, options.Speakers, randomBelow)];
        if (options.Folds.IsEmoBox)
            return EmoBoxFolds.Create(clips);
        if (!options.Folds.IsNone)
            return DatasetSplitter.CreateFolds(
                clips,
                options.Folds,
                method,
                randomBelow,
                options.ClipsIfTooFewSpeakers
            );
        if (options.ClipsIfTooFewSpeakers && method == SplitMethod.Speaker)
            method = SplitMethod.Default;
        return [DatasetSplitter.CreateTrainValidationTest(clips, method, randomBelow, options.ClipsIfTooFewSpeakers)];
    }

    // The split would say how few clips there are, but not why.
    private static void RequireDistinctClips(RepeatedClips repeatedClips, string?[] labelOfUsedClip)
    {
        var remaining = labelOfUsedClip.Count(label => label is not null);
        if (repeatedClips.Notice is { } notice && remaining < FoldCount.Min)
            throw new InvalidInputException($"{notice}; {remaining} remain, expected at least {FoldCount.Min}");
    }

    private static SpeakerNormalizationReport RequireSpeakers(
        FeatureStore store,
        DatasetSplit split,
        RepeatedClips repeatedClips
    )
    {
        var clipsOfSplit = Enumerable.Range(0, store.Clips.Count).Where(clip => split.Subsets[clip] is not null);
        var report = SpeakerNormalizationReport.Create(store.Clips, repeatedClips.ListSpeakers(store), clipsOfSplit);
        if (!report.IsTransductive)
            throw new InvalidInputException(
                OptionText.Create(
                    $"{OptionKeys.Normalize} speaker: no clip could be normalized by the statistics of its speaker: "
                        + $"{report.ClipsWithoutSpeaker} have no speaker, and {report.ClipsWithInsufficientData} have "
                        + $"a speaker with fewer than {SpeakerStatistics.MinClips} clips or "
                        + $"{SpeakerStatistics.MinFrames} frames; add a speaker column to the manifest and extract "
                        + $"the features again, or train with {OptionKeys.Normalize} corpus"
                )
            );
        return report;
    }

    // Without a channel as in earlier versions, since splits depend on the order of the keys.
    private static string CreateSplitKey(StoredClip clip) =>
        $"{clip.Path}|{clip.StartSeconds}|{clip.EndSeconds}{(clip.Channel is { } channel ? $"|{channel}" : "")}";
}
