using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Classifiers.Heads;

/// <summary>
/// The head of audEERING's dimensional model and of m3hrdadfi's soxan: the mean, sum or maximum of the last hidden
/// state over frames, then a linear layer, tanh, and another linear layer.
/// </summary>
/// <param name="Width">Feature dimension of the frames.</param>
/// <param name="HiddenWidth">Feature dimension after the first linear layer.</param>
/// <param name="OutputPath">Name of the second linear layer in the checkpoint.</param>
internal sealed record DenseHead(int Width, int HiddenWidth, int Outputs, ClassifierPooling Pooling, string OutputPath)
    : IClassifierHead
{
    private const string DensePath = "classifier.dense";

    public bool UsesAllStates => false;

    public bool OmitsPadding => false;

    public string RequiredTensor => $"{DensePath}.weight";

    public GraphValue AddToGraph(GraphBuilder graph, SpeechWeights weights, IReadOnlyList<GraphValue> states)
    {
        var pooled = Pooling switch
        {
            ClassifierPooling.Sum => graph.Unsqueeze(graph.Sum(states[^1], 0), 0),
            ClassifierPooling.Max => graph.ReduceMax(states[^1], 0),
            _ => graph.Unsqueeze(graph.Mean(states[^1], 0), 0),
        };
        var hidden = graph.Gemm(
            pooled,
            weights.AddTensor($"{DensePath}.weight", HiddenWidth, Width),
            weights.AddTensor($"{DensePath}.bias", HiddenWidth),
            transposeB: true
        );
        return graph.Gemm(
            graph.Tanh(hidden),
            weights.AddTensor($"{OutputPath}.weight", Outputs, HiddenWidth),
            weights.AddTensor($"{OutputPath}.bias", Outputs),
            transposeB: true
        );
    }

    /// <summary>Recognizes the head.</summary>
    /// <param name="outputPath">Name of the second linear layer.</param>
    internal sealed class Kind(string outputPath) : IClassifierHeadKind
    {
        public string Tensors => $"{DensePath}.weight and {outputPath}.weight";

        public IClassifierHead? Find(HeadTensors tensors, ClassifierSettings settings) =>
            tensors.Contains($"{outputPath}.weight")
            && tensors.FindRows($"{DensePath}.weight", tensors.Width) is { } width
                ? new DenseHead(
                    tensors.Width,
                    width,
                    tensors.FindRows($"{outputPath}.weight", width)!.Value,
                    settings.Pooling,
                    outputPath
                )
                : null;
    }
}
