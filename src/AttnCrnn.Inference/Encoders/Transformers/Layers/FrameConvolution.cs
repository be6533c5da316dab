using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers.Layers;

/// <summary>
/// The steps of a convolution over [frames, width], which ONNX Runtime computes over [1, width, 1, frames].
/// </summary>
internal static class FrameConvolution
{
    /// <param name="x">[frames, width].</param>
    /// <returns>[1, width, 1, frames].</returns>
    public static GraphValue ToChannels(GraphBuilder graph, GraphValue x) =>
        graph.Unsqueeze(graph.Transpose(x, 1, 0), 0, 2);

    /// <param name="x">[1, width, 1, frames].</param>
    /// <returns>[frames, width].</returns>
    public static GraphValue ToFrames(GraphBuilder graph, GraphValue x) =>
        graph.Transpose(graph.Squeeze(x, 0, 2), 1, 0);

    /// <summary>A convolution padded with zeros at both ends, so that stride 1 keeps the number of frames.</summary>
    /// <param name="x">[1, width, 1, frames].</param>
    /// <param name="kernel">[width, width / groups, 1, taps].</param>
    /// <param name="bias">[width].</param>
    /// <returns>[1, width, 1, frames / stride], rounded up.</returns>
    public static GraphValue AddPadded(
        GraphBuilder graph,
        GraphValue x,
        GraphValue kernel,
        GraphValue bias,
        int taps,
        int stride,
        int groups
    ) =>
        // An even kernel would produce one extra frame, which the reference drops at the end.
        graph.ConvolutionAlongTime(
            x,
            kernel,
            bias,
            taps,
            stride,
            taps / 2,
            taps % 2 == 0 ? (taps / 2) - 1 : taps / 2,
            groups
        );
}
