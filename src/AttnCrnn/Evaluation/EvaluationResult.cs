using AttnCrnn.Formats;
using AttnCrnn.Metrics;
using MathNet.Numerics.Statistics;

namespace AttnCrnn.Evaluation;

/// <summary>Predictions judged: pooled figures, their intervals, the folds' figures, and how the clips were set apart.</summary>
public sealed class EvaluationResult
{
    private EvaluationResult(IReadOnlyList<string> labels, IReadOnlyList<ClipPrediction> predictions, Protocol protocol, Func<uint, ulong, uint> below, LayerWeights? layerWeights)
    {
        Labels = labels;
        Predictions = predictions;
        Protocol = protocol;
        LayerWeights = layerWeights;
        Figures = FiguresOf(labels, predictions);
        SpeakerCount = CountSpeakers(predictions);
        Folds = predictions.All(clip => clip.Fold is null)
            ? []
            : [.. predictions.GroupBy(clip => clip.Fold!.Value).OrderBy(fold => fold.Key)
                .Select(fold => new FoldFigures(fold.Key, CountSpeakers(fold), FiguresOf(labels, [.. fold])))];
        Intervals = SpeakerBootstrap.Of(labels, predictions, SpeakerBootstrap.DefaultResamples, below);
    }

    /// <summary>[classes].</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Every clip judged, once.</summary>
    public IReadOnlyList<ClipPrediction> Predictions { get; }

    /// <summary>How the judged clips came about.</summary>
    public Protocol Protocol { get; }

    /// <summary>Figures over all clips; with folds, over their pooled test sides.</summary>
    public Classification Figures { get; }

    /// <summary>95% of resampled speakers; null figures where there are too few.</summary>
    public Intervals Intervals { get; }

    /// <summary>In the order of their numbers; empty without folds.</summary>
    public IReadOnlyList<FoldFigures> Folds { get; }

    /// <summary>How the models mix the encoder's layers; null where they do not.</summary>
    public LayerWeights? LayerWeights { get; }

    /// <summary>How many different speakers are named; 0 where none is.</summary>
    public int SpeakerCount { get; }

    /// <summary>UAR over the folds; null without folds.</summary>
    public Spread? FoldUar => SpreadOf(figures => figures.Uar);

    /// <summary>Accuracy over the folds; null without folds.</summary>
    public Spread? FoldAccuracy => SpreadOf(figures => figures.Accuracy);

    /// <summary>Macro F1 over the folds; null without folds.</summary>
    public Spread? FoldMacroF1 => SpreadOf(figures => figures.MacroF1);

    /// <summary>Every figure of predictions.</summary>
    /// <param name="labels">[classes], all different.</param>
    /// <param name="predictions">Every clip once; either all of them or none with a fold.</param>
    /// <param name="protocol">How the clips were set apart from those learned from.</param>
    /// <param name="below">The bootstrap's draws: a whole number below the first argument, from the draw that the second names.</param>
    /// <param name="layerWeights">How the models that predicted mix the encoder's layers, where they do.</param>
    /// <exception cref="RefusedException">There are no clips, or a clip's label is not among the model's.</exception>
    /// <exception cref="InvalidOperationException">A clip stands twice.</exception>
    /// <exception cref="ArgumentException">Some clips have a fold and some have not, or probabilities fit neither labels nor prediction.</exception>
    public static EvaluationResult Of(
        IReadOnlyList<string> labels, IReadOnlyList<ClipPrediction> predictions, Protocol protocol, Func<uint, ulong, uint> below, LayerWeights? layerWeights = null)
    {
        if (predictions.Count == 0) throw new RefusedException("no clips to judge: the test side is empty");
        CrossValidation.RequireOnce(predictions);
        if (predictions.Any(clip => clip.Fold is null) && predictions.Any(clip => clip.Fold is not null))
            throw new ArgumentException("some predictions name their fold and some do not: they come from different trainings", nameof(predictions));
        foreach (var clip in predictions)
        {
            if (clip.Probabilities.Length != labels.Count || clip.Predicted != labels[Classification.MostProbable(clip.Probabilities)])
                throw new ArgumentException($"{clip.Key}: predicted '{clip.Predicted}', which its probabilities do not say", nameof(predictions));
        }
        return new([.. labels], [.. predictions], protocol, below, layerWeights);
    }

    private static Classification FiguresOf(IReadOnlyList<string> labels, IReadOnlyList<ClipPrediction> predictions)
        => Classification.Of(TruthIndices(labels, predictions), [.. predictions.Select(clip => clip.Probabilities)], labels);

    internal static int[] TruthIndices(IReadOnlyList<string> labels, IReadOnlyList<ClipPrediction> predictions)
    {
        var index = labels.Select((label, k) => (label, k)).ToDictionary(pair => pair.label, pair => pair.k);
        return [.. predictions.Select(clip => index.TryGetValue(clip.Truth, out int k)
            ? k
            : throw new RefusedException(
                $"{clip.Path}: label '{clip.Truth}' is not among the model's ({string.Join(", ", labels)}); merge or leave it out with --map or --drop"))];
    }

    private static int CountSpeakers(IEnumerable<ClipPrediction> predictions)
        => predictions.Select(clip => clip.Speaker).Where(speaker => speaker is not null).Distinct().Count();

    private Spread? SpreadOf(Func<Classification, double> figure)
    {
        if (Folds.Count == 0) return null;
        double[] values = [.. Folds.Select(fold => figure(fold.Figures))];
        return new(ArrayStatistics.Mean(values), values.Length < 2 ? null : ArrayStatistics.StandardDeviation(values));
    }
}
