using AttnCrnn.Evaluation.Statistics;
using AttnCrnn.Metrics;
using MathNet.Numerics.Statistics;

namespace AttnCrnn.Evaluation;

/// <summary>Predictions judged: pooled figures, their intervals, the folds' figures, and how the clips were set apart.</summary>
public sealed class EvaluationResult
{
    private EvaluationResult(
        IReadOnlyList<string> labels,
        IReadOnlyList<ClipPrediction> predictions,
        EvaluationProtocol protocol,
        Func<uint, ulong, uint> below,
        LayerWeights? layerWeights
    )
    {
        Labels = labels;
        Predictions = predictions;
        Protocol = protocol;
        LayerWeights = layerWeights;
        Metrics = MetricsOf(labels, predictions);
        SpeakerCount = CountSpeakers(predictions);
        Folds = predictions.All(clip => clip.Fold is null)
            ? []
            :
            [
                .. predictions
                    .GroupBy(clip => clip.Fold!.Value)
                    .OrderBy(fold => fold.Key)
                    .Select(fold => new FoldMetrics(fold.Key, CountSpeakers(fold), MetricsOf(labels, [.. fold]))),
            ];
        ConfidenceIntervals = SpeakerBootstrap.Compute(labels, predictions, SpeakerBootstrap.DefaultResamples, below);
    }

    /// <summary>[classes].</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Every clip judged, once.</summary>
    public IReadOnlyList<ClipPrediction> Predictions { get; }

    /// <summary>How the judged clips came about.</summary>
    public EvaluationProtocol Protocol { get; }

    /// <summary>Figures over all clips; with folds, over their pooled test sides.</summary>
    public Classification Metrics { get; }

    /// <summary>95% of resampled speakers; null figures where there are too few.</summary>
    public ConfidenceIntervals ConfidenceIntervals { get; }

    /// <summary>In the order of their numbers; empty without folds.</summary>
    public IReadOnlyList<FoldMetrics> Folds { get; }

    /// <summary>How the models mix the encoder's layers; null where they do not.</summary>
    public LayerWeights? LayerWeights { get; }

    /// <summary>How many different speakers are named; 0 where none is.</summary>
    public int SpeakerCount { get; }

    /// <summary>UAR over the folds; null without folds.</summary>
    public MeanAndStd? FoldUar => MeanAndStdOf(metrics => metrics.Uar);

    /// <summary>Accuracy over the folds; null without folds.</summary>
    public MeanAndStd? FoldAccuracy => MeanAndStdOf(metrics => metrics.Accuracy);

    /// <summary>Macro F1 over the folds; null without folds.</summary>
    public MeanAndStd? FoldMacroF1 => MeanAndStdOf(metrics => metrics.MacroF1);

    /// <summary>Every figure of predictions.</summary>
    /// <param name="labels">[classes], all different.</param>
    /// <param name="predictions">Every clip once; either all of them or none with a fold.</param>
    /// <param name="protocol">How the clips were set apart from those learned from.</param>
    /// <param name="below">The bootstrap's draws: a whole number below the first argument, from the draw that the second names.</param>
    /// <param name="layerWeights">How the models that predicted mix the encoder's layers, where they do.</param>
    /// <exception cref="InvalidInputException">There are no clips, or a clip's label is not among the model's.</exception>
    /// <exception cref="InvalidOperationException">A clip stands twice.</exception>
    /// <exception cref="ArgumentException">Some clips have a fold and some have not, or probabilities fit neither labels nor prediction.</exception>
    public static EvaluationResult Compute(
        IReadOnlyList<string> labels,
        IReadOnlyList<ClipPrediction> predictions,
        EvaluationProtocol protocol,
        Func<uint, ulong, uint> below,
        LayerWeights? layerWeights = null
    )
    {
        if (predictions.Count == 0)
            throw new InvalidInputException("no clips to judge: the test side is empty");
        CrossValidation.RequireOnce(predictions);
        if (predictions.Any(clip => clip.Fold is null) && predictions.Any(clip => clip.Fold is not null))
            throw new ArgumentException(
                "some predictions name their fold and some do not: they come from different trainings",
                nameof(predictions)
            );
        foreach (var clip in predictions)
        {
            if (
                clip.Probabilities.Length != labels.Count
                || clip.Predicted != labels[Classification.MostProbable(clip.Probabilities)]
            )
                throw new ArgumentException(
                    $"{clip.Key}: predicted '{clip.Predicted}', which its probabilities do not say",
                    nameof(predictions)
                );
        }
        return new([.. labels], [.. predictions], protocol, below, layerWeights);
    }

    private static Classification MetricsOf(IReadOnlyList<string> labels, IReadOnlyList<ClipPrediction> predictions) =>
        Classification.Compute(
            TruthIndices(labels, predictions),
            [.. predictions.Select(clip => clip.Probabilities)],
            labels
        );

    internal static int[] TruthIndices(IReadOnlyList<string> labels, IReadOnlyList<ClipPrediction> predictions)
    {
        var index = labels.Select((label, k) => (label, k)).ToDictionary(pair => pair.label, pair => pair.k);
        return
        [
            .. predictions.Select(clip =>
                index.TryGetValue(clip.Truth, out int k)
                    ? k
                    : throw new InvalidInputException(
                        $"{clip.Path}: label '{clip.Truth}' is not among the model's ({string.Join(", ", labels)}); merge or leave it out with --map or --drop"
                    )
            ),
        ];
    }

    private static int CountSpeakers(IEnumerable<ClipPrediction> predictions) =>
        predictions.Select(clip => clip.Speaker).Where(speaker => speaker is not null).Distinct().Count();

    private MeanAndStd? MeanAndStdOf(Func<Classification, double> metric)
    {
        if (Folds.Count == 0)
            return null;
        double[] values = [.. Folds.Select(fold => metric(fold.Metrics))];
        return new(ArrayStatistics.Mean(values), values.Length < 2 ? null : ArrayStatistics.StandardDeviation(values));
    }
}
