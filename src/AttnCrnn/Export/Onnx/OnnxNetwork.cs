using AttnCrnn.Models;
using AttnCrnn.Onnx;

namespace AttnCrnn.Export.Onnx;

/// <summary>
/// The network's inference graph: what <c>Predictor</c> computes from frames, without dropout and with batch norm's
/// running statistics. Clips are padded to the longest one, and the padding is masked wherever it could affect a clip's
/// frames.
/// </summary>
internal sealed class OnnxNetwork
{
    private readonly GraphBuilder graph;
    private readonly TrainedModelInfo model;
    private PaddingMask paddingMask;

    private OnnxNetwork(GraphBuilder graph, TrainedModelInfo model, PaddingMask frameCounts)
    {
        this.graph = graph;
        this.model = model;
        this.paddingMask = frameCounts;
    }

    /// <summary>Adds the network to a graph.</summary>
    /// <param name="frames">[batch, time, layers · width], not normalized.</param>
    /// <param name="lengths">
    /// [batch], int64: frames per clip; default for one clip without padding, which must have enough frames.
    /// </param>
    /// <param name="normalizes">Whether to include the model's normalization in the graph.</param>
    /// <returns>[batch, classes], at the model's temperature; NaN for clips that predict rejects.</returns>
    public static GraphValue AddProbabilities(
        GraphBuilder graph,
        TrainedModelInfo model,
        OnnxWeights weights,
        GraphValue frames,
        GraphValue lengths,
        bool normalizes
    )
    {
        var network = new OnnxNetwork(graph, model, new PaddingMask(graph, lengths));
        var x = network.MaskPadding(
            network.AddNormalization(
                model.IsFixedLength ? network.AddPadding(network.MaskPadding(frames)) : frames,
                normalizes
            )
        );
        var layers = new OnnxLayers(
            graph,
            weights,
            network.AddPadding(x),
            model.Network.FrameWidth,
            network.paddingMask
        );
        model.Network.Declare().Accept(layers);
        var probabilities = network.AddScaledSoftmax(layers.Output);
        return graph.Add(
            probabilities,
            graph.Unsqueeze(
                network.AddValidation(x, lengths.Name is null ? graph.Unsqueeze(graph.Length(frames, 1), 0) : lengths),
                1
            )
        );
    }

    // [batch]: 0, or NaN for a clip that predict rejects: one with fewer frames than the network needs or more than its
    // fixed length, which the graph would evaluate anyway, or with a non-finite value, which ReLU and pooling could
    // hide.
    private GraphValue AddValidation(GraphValue x, GraphValue lengths)
    {
        var nan = graph.Constant("no answer", [float.NaN]);
        var invalid = graph.Where(
            graph.Less(lengths, graph.Int64(NetworkOptions.MinFrames)),
            nan,
            graph.Sum(graph.Sum(graph.Subtract(x, x), 2), 1)
        );
        return model.IsFixedLength
            ? graph.Where(graph.Less(graph.Int64(model.Padding), lengths), nan, invalid)
            : invalid;
    }

    private GraphValue MaskPadding(GraphValue x) => paddingMask.ZeroPadding(x, timeAxis: 1, rank: 3);

    private GraphValue AddNormalization(GraphValue frames, bool normalizes) =>
        !normalizes || model.Normalization.Kind == NormalizationMode.None
            ? frames
            : graph.Divide(
                graph.Subtract(
                    frames,
                    graph.Constant("normalisation/mean", model.Normalization.Mean, model.Normalization.Mean.Length)
                ),
                graph.Constant(
                    "normalisation/deviation",
                    model.Normalization.StandardDeviation,
                    model.Normalization.StandardDeviation.Length
                )
            );

    // Zero padding to a fixed length, which is processed like frames, as in the reference Keras implementation.
    private GraphValue AddPadding(GraphValue x)
    {
        if (model.Padding == 0)
            return x;
        paddingMask = paddingMask.PadToLength(model.Padding);
        return graph.PadToLength(x, axis: 1, rank: 3, model.Padding);
    }

    // Temperature scaling as in Metrics.Temperature: probabilities that underflow float32 count as its smallest number.
    private GraphValue AddScaledSoftmax(GraphValue logits)
    {
        const float minExponent = -87.33654f; // below this, eˣ is 0 in float32 here
        const float logOfMin = -103.6163f; // ln 1e-45, the smallest float
        if (model.Temperature == 1)
            return graph.Softmax(logits);
        GraphValue CreateScalar(string text, float value) => graph.Constant(text, [value]);
        var isNegligible = graph.Less(
            graph.Subtract(logits, graph.ReduceMax(logits, -1)),
            CreateScalar("least exponent", minExponent)
        );
        var logarithms = graph.Where(
            isNegligible,
            CreateScalar("log of the least share", logOfMin),
            graph.LogSoftmax(logits)
        );
        return graph.Softmax(graph.Scale(logarithms, (float)(1 / model.Temperature)));
    }
}
