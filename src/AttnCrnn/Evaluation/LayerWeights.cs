using MathNet.Numerics.Statistics;

namespace AttnCrnn.Evaluation;

/// <summary>
/// What the learned mix of the encoder's layers came to: one number a layer, 1 / layers at the start; they may be negative, and need not sum to 1. A layer's
/// number is its place, as in transformers' hidden_states: 0 is what the first transformer layer is given.
/// </summary>
/// <param name="Models">[models][layers]: of one model, or of each fold's.</param>
public sealed record LayerWeights(IReadOnlyList<float[]> Models)
{
    /// <summary>Layers.</summary>
    public int Count => Models[0].Length;

    /// <summary>A layer's weight over the models.</summary>
    public MeanAndStd this[int layer]
    {
        get
        {
            double[] values = [.. Models.Select(weights => (double)weights[layer])];
            return new(
                ArrayStatistics.Mean(values),
                values.Length < 2 ? null : ArrayStatistics.StandardDeviation(values)
            );
        }
    }

    /// <summary>A layer's share of all sizes: |w| / Σ |w|, of the means over the models; 0 where all are 0.</summary>
    public double Weight(int layer)
    {
        var all = Enumerable.Range(0, Count).Sum(other => Math.Abs(this[other].Mean));
        return all > 0 ? Math.Abs(this[layer].Mean) / all : 0;
    }

    /// <summary>The layers by their share, the largest first.</summary>
    public IEnumerable<int> Strongest => Enumerable.Range(0, Count).OrderByDescending(Weight);

    /// <summary>The weights of models that have a mix; null where none has one.</summary>
    public static LayerWeights? Compute(IEnumerable<LayerWeights?> models)
    {
        float[][] all = [.. models.OfType<LayerWeights>().SelectMany(layerWeights => layerWeights.Models)];
        return all.Length > 0 ? new(all) : null;
    }
}
