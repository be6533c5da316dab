namespace AttnCrnn.Evaluation;

/// <summary>
/// Learned weights of the encoder layers, initially 1 / layers; they may be negative and need not sum to 1. Layers are
/// indexed as in the hidden_states of Hugging Face transformers: 0 is the input of the first transformer layer.
/// </summary>
/// <param name="Models">[models][layers], of one model or of each fold's model.</param>
public sealed record LayerWeights(IReadOnlyList<float[]> Models)
{
    /// <summary>Number of layers.</summary>
    public int Count => Models[0].Length;

    /// <summary>Mean and standard deviation of a layer's weight over the models.</summary>
    public MeanAndStd this[int layer] => MeanAndStd.Compute(Models.Select(weights => (double)weights[layer]));

    /// <summary>
    /// Relative weight of a layer: |w| / Σ |w|, of the means over the models; 0 if all weights are 0.
    /// </summary>
    public double RelativeWeight(int layer)
    {
        var total = Enumerable.Range(0, Count).Sum(index => Math.Abs(this[index].Mean));
        return total > 0 ? Math.Abs(this[layer].Mean) / total : 0;
    }

    /// <summary>Layers in descending order of relative weight.</summary>
    public IEnumerable<int> LayersByWeight => Enumerable.Range(0, Count).OrderByDescending(RelativeWeight);

    /// <summary>Collects the weights of the models with several encoder layers; null if there are none.</summary>
    /// <param name="models">[models][layers].</param>
    public static LayerWeights? Create(IEnumerable<float[]> models)
    {
        float[][] weightsOfModels = [.. models];
        return weightsOfModels.Length > 0 ? new(weightsOfModels) : null;
    }
}
