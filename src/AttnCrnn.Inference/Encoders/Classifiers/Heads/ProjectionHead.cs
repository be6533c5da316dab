using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Classifiers.Heads;

/// <summary>
/// The head of transformers' ForSequenceClassification and WhisperForAudioClassification: a weighted sum of all hidden
/// states, or the last one; a projection, the mean over frames, and a linear layer.
/// </summary>
/// <param name="Width">Feature dimension of the frames.</param>
/// <param name="ProjectionWidth">Feature dimension after the projection.</param>
internal sealed record ProjectionHead(int Width, int ProjectionWidth, int Outputs, bool UsesAllStates) : IClassifierHead
{
    private const string LayerWeights = "layer_weights";

    public string RequiredTensor => "projector.weight";

    // The reference sets masked frames to zero after the projection and divides by the number of the others.
    public bool OmitsPadding => true;

    public GraphValue AddToGraph(GraphBuilder graph, SpeechWeights weights, IReadOnlyList<GraphValue> states)
    {
        var x = UsesAllStates ? AddWeightedSum(graph, weights, states) : states[^1];
        x = graph.Gemm(
            x,
            weights.AddTensor("projector.weight", ProjectionWidth, Width),
            weights.AddTensor("projector.bias", ProjectionWidth),
            transposeB: true
        );
        return graph.Gemm(
            graph.Unsqueeze(graph.Mean(x, 0), 0),
            weights.AddTensor("classifier.weight", Outputs, ProjectionWidth),
            weights.AddTensor("classifier.bias", Outputs),
            transposeB: true
        );
    }

    private static GraphValue AddWeightedSum(
        GraphBuilder graph,
        SpeechWeights weights,
        IReadOnlyList<GraphValue> states
    )
    {
        var values = weights.ReadValues(LayerWeights, states.Count);
        var largest = values.Max();
        double[] exponentials = [.. values.Select(value => Math.Exp(value - largest))];
        var sum = exponentials.Sum();
        return states
            .Select((state, layer) => graph.Scale(state, (float)(exponentials[layer] / sum)))
            .Aggregate(graph.Add);
    }

    /// <summary>Recognizes the head.</summary>
    internal sealed class Kind : IClassifierHeadKind
    {
        public string Tensors => "projector.weight and classifier.weight";

        public IClassifierHead? Find(HeadTensors tensors, ClassifierSettings settings)
        {
            if (!tensors.Contains("classifier.weight"))
                return null;
            if (tensors.FindRows("projector.weight", tensors.Width) is not { } width)
                return null;
            var hasWeights = tensors.Contains(LayerWeights);
            if (hasWeights != settings.UsesWeightedLayerSum)
                throw new InvalidInputException(
                    tensors.Files.Path,
                    hasWeights
                        ? $"has {LayerWeights}, but {settings.File} does not set use_weighted_layer_sum: which hidden "
                            + "states the head was trained on is unknown; correct the configuration"
                        : $"has no {LayerWeights}, but {settings.File} sets use_weighted_layer_sum; "
                            + "download the checkpoint again, or use another one"
                );
            return new ProjectionHead(
                tensors.Width,
                width,
                tensors.FindRows("classifier.weight", width)!.Value,
                hasWeights
            );
        }
    }
}
