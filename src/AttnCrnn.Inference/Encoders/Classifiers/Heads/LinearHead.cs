using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Classifiers.Heads;

/// <summary>The head of emotion2vec+: the mean of the last hidden state over frames, then a linear layer.</summary>
/// <param name="Width">Feature dimension of the frames.</param>
internal sealed record LinearHead(int Width, int Outputs) : IClassifierHead
{
    private const string Path = "proj";

    public bool UsesAllStates => false;

    public bool OmitsPadding => false;

    public string RequiredTensor => $"{Path}.weight";

    public GraphValue AddToGraph(GraphBuilder graph, SpeechWeights weights, IReadOnlyList<GraphValue> states) =>
        graph.Gemm(
            graph.Unsqueeze(graph.Mean(states[^1], 0), 0),
            weights.AddTensor($"{Path}.weight", Outputs, Width),
            weights.AddTensor($"{Path}.bias", Outputs),
            transposeB: true
        );

    /// <summary>Recognizes the head.</summary>
    internal sealed class Kind : IClassifierHeadKind
    {
        public string Tensors => $"{Path}.weight";

        public IClassifierHead? Find(HeadTensors tensors, ClassifierSettings settings) =>
            tensors.FindRows($"{Path}.weight", tensors.Width) is { } outputs
                ? new LinearHead(tensors.Width, outputs)
                : null;
    }
}
