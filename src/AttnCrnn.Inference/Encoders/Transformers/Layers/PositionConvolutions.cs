using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers.Layers;

/// <summary>
/// The position embedding of data2vec (Baevski et al. 2022): convolutions over the frames in sequence, each with a
/// layer norm without weights and the activation.
/// </summary>
/// <param name="Depth">Number of convolutions.</param>
internal sealed record PositionConvolutions(int Width, int Depth, int Kernel, int Groups, string Activation)
{
    private const float NormEpsilon = 1e-5f; // torch's default, which no configuration changes

    /// <summary>Adds the embedding to a graph.</summary>
    /// <param name="x">[frames, width].</param>
    /// <param name="pathOf">The name of a convolution in the checkpoint, by its index.</param>
    /// <returns>[frames, width].</returns>
    public GraphValue AddToGraph(GraphBuilder graph, SpeechWeights weights, GraphValue x, Func<int, string> pathOf)
    {
        var channels = Width / Groups;
        var ones = graph.Constant("position norm", [.. Enumerable.Repeat(1f, Width)], Width);
        var zeros = graph.Constant("position norm bias", new float[Width], Width);
        for (var i = 0; i < Depth; i++)
        {
            var path = pathOf(i);
            var kernel = weights.AddTensor($"{path}.weight", [Width, channels, Kernel], [Width, channels, 1, Kernel]);
            x = FrameConvolution.ToChannels(graph, x);
            var bias = weights.AddTensor($"{path}.bias", Width);
            x = FrameConvolution.ToFrames(graph, FrameConvolution.AddPadded(graph, x, kernel, bias, Kernel, 1, Groups));
            x = SpeechActivation.AddToGraph(graph, Activation, graph.LayerNormalization(x, ones, zeros, NormEpsilon));
        }
        return x;
    }
}
