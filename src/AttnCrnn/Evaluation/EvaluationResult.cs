using AttnCrnn.Evaluation.Groups;
using AttnCrnn.Evaluation.Statistics;
using AttnCrnn.Metrics;
using AttnCrnn.Options;

namespace AttnCrnn.Evaluation;

/// <summary>
/// Evaluation of predictions: pooled metrics, confidence intervals, metrics per fold, and the protocol.
/// </summary>
public sealed class EvaluationResult
{
    private readonly Lazy<IReadOnlyList<GroupComparison>> groups;

    private EvaluationResult(
        IReadOnlyList<string> labels,
        IReadOnlyList<ClipPrediction> predictions,
        EvaluationProtocol protocol,
        ConfidenceIntervals intervals,
        LayerWeights? layerWeights,
        VoteMetrics? votes,
        Func<IReadOnlyList<GroupComparison>> groups
    )
    {
        Labels = labels;
        Predictions = predictions;
        Protocol = protocol;
        LayerWeights = layerWeights;
        Metrics = ComputeMetrics(labels, predictions);
        Calibration = CalibrationResult.Compute(MapTruthToIndices(labels, predictions), predictions, Metrics);
        this.groups = new(groups);
        Votes = votes;
        ConfidenceIntervals = intervals;
        SpeakerCount = CountSpeakers(predictions);
        Folds = predictions.All(clip => clip.Fold is null)
            ? []
            :
            [
                .. predictions
                    .GroupBy(clip => clip.Fold!.Value)
                    .OrderBy(fold => fold.Key)
                    .Select(fold => new FoldMetrics(fold.Key, CountSpeakers(fold), ComputeMetrics(labels, [.. fold]))),
            ];
    }

    /// <summary>[classes].</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Predictions, one per clip.</summary>
    public IReadOnlyList<ClipPrediction> Predictions { get; }

    /// <summary>Evaluation protocol: how the clips were selected.</summary>
    public EvaluationProtocol Protocol { get; private set; }

    /// <summary>Metrics over all clips; with folds, over their pooled test sets.</summary>
    public Classification Metrics { get; }

    /// <summary>95% confidence intervals (speaker-level bootstrap); null with too few speakers.</summary>
    public ConfidenceIntervals ConfidenceIntervals { get; }

    /// <summary>Calibration of the probabilities, before and after temperature scaling.</summary>
    public CalibrationResult Calibration { get; }

    /// <summary>
    /// The groups by sex, intensity, statement, corpus, session and duration, compared; only attributes of which the
    /// clips have several values. Computed when first read.
    /// </summary>
    public IReadOnlyList<GroupComparison> Groups => groups.Value;

    /// <summary>The predictions compared with the votes of several raters; null if no clip has votes.</summary>
    public VoteMetrics? Votes { get; }

    /// <summary>Metrics per fold, in order; empty without folds.</summary>
    public IReadOnlyList<FoldMetrics> Folds { get; }

    /// <summary>The models' weights of the encoder layers; null if they have a single encoder layer.</summary>
    public LayerWeights? LayerWeights { get; }

    /// <summary>
    /// How well each model fits its training set, and which epoch was chosen, one per trained fold or a single one;
    /// empty for models that were not trained here, or whose checkpoints are missing.
    /// </summary>
    public IReadOnlyList<TrainingFit> TrainingFits { get; private set; } = [];

    /// <summary>The metrics of every seed of a repeated run; null for another run.</summary>
    public RepeatedMetrics? Repeats { get; private set; }

    /// <summary>Number of known speakers.</summary>
    public int SpeakerCount { get; }

    /// <summary>Mean and standard deviation of UAR over the folds; null without folds.</summary>
    public MeanAndStd? FoldUar => ComputeMeanAndStd(metrics => metrics.Uar);

    /// <summary>Mean and standard deviation of accuracy over the folds; null without folds.</summary>
    public MeanAndStd? FoldAccuracy => ComputeMeanAndStd(metrics => metrics.Accuracy);

    /// <summary>Mean and standard deviation of macro F1 over the folds; null without folds.</summary>
    public MeanAndStd? FoldMacroF1 => ComputeMeanAndStd(metrics => metrics.MacroF1);

    /// <summary>Evaluates predictions.</summary>
    /// <param name="labels">[classes], all different.</param>
    /// <param name="predictions">One per clip; either all or none have a fold.</param>
    /// <param name="protocol">How the clips were separated from the training clips.</param>
    /// <param name="randomBelow">
    /// Random numbers of the bootstrap: a uniform integer below the first argument, at the position given by the
    /// second.
    /// </param>
    /// <param name="layerWeights">The models' weights of the encoder layers, if they have several.</param>
    /// <exception cref="InvalidInputException">
    /// There are no clips, or a clip's label is not a class of the model.
    /// </exception>
    /// <exception cref="InvalidOperationException">A clip occurs twice.</exception>
    /// <exception cref="ArgumentException">
    /// Some clips have a fold and some do not, or probabilities do not match the labels or the prediction.
    /// </exception>
    public static EvaluationResult Compute(
        IReadOnlyList<string> labels,
        IReadOnlyList<ClipPrediction> predictions,
        EvaluationProtocol protocol,
        Func<uint, ulong, uint> randomBelow,
        LayerWeights? layerWeights = null
    )
    {
        Require(labels, predictions);
        return new(
            [.. labels],
            [.. predictions],
            protocol,
            SpeakerBootstrap.Compute(labels, predictions, SpeakerBootstrap.DefaultResamples, randomBelow),
            layerWeights,
            VoteMetrics.Compute(
                [.. predictions.Select(clip => clip.Votes)],
                [.. predictions.Select(clip => clip.Probabilities)]
            ),
            () => GroupBootstrap.Compare(labels, predictions, randomBelow)
        );
    }

    /// <summary>
    /// An evaluation that is read back: metrics are computed from the predictions, and the rest is given.
    /// </summary>
    internal static EvaluationResult Restore(
        IReadOnlyList<string> labels,
        IReadOnlyList<ClipPrediction> predictions,
        EvaluationProtocol protocol,
        ConfidenceIntervals intervals,
        LayerWeights? layerWeights,
        VoteMetrics? votes,
        IReadOnlyList<GroupComparison> groups
    )
    {
        Require(labels, predictions);
        return new([.. labels], [.. predictions], protocol, intervals, layerWeights, votes, () => groups);
    }

    private static void Require(IReadOnlyList<string> labels, IReadOnlyList<ClipPrediction> predictions)
    {
        if (predictions.Count == 0)
            throw new InvalidInputException("no clips to evaluate: the test set is empty");
        CrossValidation.RequireOnce(predictions);
        if (predictions.Any(clip => clip.Fold is null) && predictions.Any(clip => clip.Fold is not null))
            throw new ArgumentException(
                "some predictions have a fold and some do not: they belong to different runs",
                nameof(predictions)
            );
        foreach (var clip in predictions)
        {
            if (
                clip.Probabilities.Length != labels.Count
                || clip.Predicted != labels[ClassProbabilities.FindMostProbable(clip.Probabilities)]
            )
                throw new ArgumentException(
                    $"{clip.Key}: predicted '{clip.Predicted}' does not match its probabilities",
                    nameof(predictions)
                );
        }
    }

    /// <summary>The same result with another protocol; nothing is computed again.</summary>
    internal EvaluationResult WithProtocol(EvaluationProtocol protocol) => Copy(copy => copy.Protocol = protocol);

    /// <summary>The same result with how well each model fits its training set.</summary>
    internal EvaluationResult WithTrainingFits(IReadOnlyList<TrainingFit> fits) =>
        Copy(copy => copy.TrainingFits = fits);

    /// <summary>The same result with the metrics of other seeds.</summary>
    internal EvaluationResult WithRepeats(RepeatedMetrics? repeats) => Copy(copy => copy.Repeats = repeats);

    private EvaluationResult Copy(Action<EvaluationResult> change)
    {
        var copy = (EvaluationResult)MemberwiseClone();
        change(copy);
        return copy;
    }

    private static Classification ComputeMetrics(
        IReadOnlyList<string> labels,
        IReadOnlyList<ClipPrediction> predictions
    ) =>
        Classification.Compute(
            MapTruthToIndices(labels, predictions),
            [.. predictions.Select(clip => clip.Probabilities)],
            labels
        );

    internal static int[] MapTruthToIndices(IReadOnlyList<string> labels, IReadOnlyList<ClipPrediction> predictions)
    {
        var index = labels
            .Select((label, index) => (label, index))
            .ToDictionary(pair => pair.label, pair => pair.index);
        return
        [
            .. predictions.Select(clip =>
                index.TryGetValue(clip.Truth, out int classIndex)
                    ? classIndex
                    : throw new InvalidInputException(
                        clip.Path,
                        OptionText.Create(
                            $"label '{clip.Truth}' is not a class of the model ({string.Join(", ", labels)}); "
                                + $"merge it with {OptionKeys.Map} or exclude it with {OptionKeys.Drop}"
                        )
                    )
            ),
        ];
    }

    private static int CountSpeakers(IEnumerable<ClipPrediction> predictions) =>
        predictions.Select(clip => clip.Speaker).Where(speaker => speaker is not null).Distinct().Count();

    private MeanAndStd? ComputeMeanAndStd(Func<Classification, double> metric)
    {
        if (Folds.Count == 0)
            return null;
        return MeanAndStd.Compute(Folds.Select(fold => metric(fold.Metrics)));
    }
}
