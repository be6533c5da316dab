using AttnCrnn.Models;
using AttnCrnn.Models.Layers;
using AttnCrnn.Onnx;

namespace AttnCrnn.Export.Onnx;

/// <summary>
/// The network at work as a graph: what <c>Predictor</c> computes of frames, without dropout and with batch norm's kept figures. Clips are padded to the longest here, and
/// what lies beyond a clip's end is taken out again wherever it could reach what lies before it.
/// </summary>
internal sealed class OnnxNetwork
{
    private const float LayerNormEpsilon = 1e-3f,
        BatchNormEpsilon = 1e-3f; // Keras'

    private readonly GraphBuilder graph;
    private readonly TrainedModelInfo model;
    private readonly OnnxWeights weights;
    private FrameCounts real;

    private OnnxNetwork(GraphBuilder graph, TrainedModelInfo model, OnnxWeights weights, FrameCounts real) =>
        (this.graph, this.model, this.weights, this.real) = (graph, model, weights, real);

    /// <summary>Adds the network to a graph.</summary>
    /// <param name="frames">[batch, time, layers · width], not normalised yet.</param>
    /// <param name="lengths">[batch], whole numbers: each clip's frames; default for one clip, all of whose frames are real, and are enough.</param>
    /// <param name="normalises">Whether the model's normalisation is a part of the graph.</param>
    /// <returns>[batch, classes], at the model's temperature; NaN for clips that predict refuses.</returns>
    public static GraphValue Probabilities(
        GraphBuilder graph,
        TrainedModelInfo model,
        OnnxWeights weights,
        GraphValue frames,
        GraphValue lengths,
        bool normalises
    )
    {
        var network = new OnnxNetwork(graph, model, weights, new FrameCounts(graph, lengths));
        var x = network.Real(
            network.Normalized(model.IsFixedLength ? network.Padded(network.Real(frames)) : frames, normalises)
        );
        var probabilities = network.Cooled(network.Forward(network.Padded(x)));
        return graph.Add(
            probabilities,
            graph.Unsqueeze(
                network.Refusal(x, lengths.Name is null ? graph.Unsqueeze(graph.Length(frames, 1), 0) : lengths),
                1
            )
        );
    }

    // [batch]: 0, or NaN for a clip that predict refuses: one of fewer frames than the network needs or more than a fixed length, which would be judged all the same, and one
    // with a frame that is no finite number, which ReLU and pooling make one of.
    private GraphValue Refusal(GraphValue x, GraphValue lengths)
    {
        var refused = graph.Constant("no answer", [float.NaN]);
        var refusal = graph.Where(
            graph.Less(lengths, graph.Int64(NetworkOptions.MinFrames)),
            refused,
            graph.Sum(graph.Sum(graph.Subtract(x, x), 2), 1)
        );
        return model.IsFixedLength
            ? graph.Where(graph.Less(graph.Int64(model.Padding), lengths), refused, refusal)
            : refusal;
    }

    private GraphValue Activated(GraphValue x) =>
        model.Network.Activation switch
        {
            HeadActivation.Gelu => graph.Gelu(x),
            HeadActivation.GeluTanh => graph.TanhGelu(x),
            HeadActivation.Relu => graph.Relu(x),
            var other => throw new InvalidOperationException($"{other} is no activation that a graph has"),
        };

    // Emotion logits, [batch, classes].
    private GraphValue Forward(GraphValue x)
    {
        if (model.Network.Layers > 1)
            x = Mixed(x); // [batch, time, width]
        x = graph.Unsqueeze(graph.Transpose(x, 0, 2, 1), 2); // [batch, width, 1, time]
        x = ConvPool(x, "conv1d", model.Network.Width, model.Network.Conv1Filters);
        x = ConvPool(x, "conv1d_1", model.Network.Conv1Filters, model.Network.Conv2Filters);
        x = graph.Transpose(graph.Squeeze(x, 2), 2, 0, 1); // [time/4, batch, 256]
        x = Recurrent(x); // [batch, time/4, 256]
        x = Attention(x); // [batch, time/4, 256]
        if (weights.Contains("layer_normalization/gamma"))
            x = graph.LayerNormalization(
                x,
                weights.Vector("layer_normalization/gamma"),
                weights.Vector("layer_normalization/beta"),
                LayerNormEpsilon
            );
        return Head(real.Mean(x)); // [batch, classes]
    }

    private GraphValue Real(GraphValue x) => real.Only(x, timeAxis: 1, rank: 3);

    private GraphValue Normalized(GraphValue frames, bool normalises) =>
        !normalises || model.Normalization.Kind == "none"
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

    // The original's zeros up to a fixed length, which it takes for frames like others.
    private GraphValue Padded(GraphValue x)
    {
        if (model.Padding == 0)
            return x;
        real = real.PadToLength(model.Padding);
        return graph.PadToLength(x, axis: 1, rank: 3, model.Padding);
    }

    // Σ w · layer: a row of weights times each frame's [layers, width].
    private GraphValue Mixed(GraphValue x)
    {
        var (layers, width) = (model.Network.Layers, model.Network.Width);
        var row = graph.Constant(LayerMix.KernelName, weights.Values(LayerMix.KernelName), 1, layers);
        return graph.Squeeze(graph.MatMul(row, graph.Reshape(x, 0, 0, layers, width)), 2);
    }

    // [batch, from, 1, time] → [batch, to, 1, time/2].
    private GraphValue ConvPool(GraphValue x, string path, int from, int to)
    {
        const int taps = Models.Layers.ConvPool.Taps;
        var kernel = weights.Kernel(
            $"{path}/kernel",
            values =>
                Turned(values, taps * from, to, (row, filter) =>
                    (((filter * from) + (row % from)) * taps) + (row / from)
                ),
            to,
            from,
            1,
            taps
        );
        x = graph.ConvolutionAlongTime(x, kernel, weights.Vector($"{path}/bias"), taps, 1, taps / 2, taps / 2);
        x = graph.MaxPool1D(graph.Relu(x));
        real = real.Halved();
        return real.Only(x, timeAxis: 3, rank: 4); // a bias alone makes padding other than zero
    }

    private GraphValue Recurrent(GraphValue x)
    {
        var (width, units) = (model.Network.Conv2Filters, model.Network.LstmUnits);
        string[] directions = ["bidirectional/forward_lstm/lstm_cell", "bidirectional/backward_lstm/lstm_cell"];
        GraphValue Both(string name, int from) =>
            graph.Reshape(
                graph.Concatenate(
                    0,
                    [
                        .. directions.Select(path =>
                            weights.Kernel($"{path}/{name}", values => Gates(values, from, units), 4 * units, from)
                        ),
                    ]
                ),
                2,
                4 * units,
                from
            );
        var bias = directions.SelectMany(path =>
            (float[])[.. Gates(weights.Values($"{path}/bias"), 1, units), .. new float[4 * units]]
        );
        var y = graph.BidirectionalLstm(
            x,
            Both("kernel", width),
            Both("recurrent_kernel", units),
            graph.Constant("bidirectional/bias", [.. bias], 2, 8 * units),
            real.Int32Lengths,
            units
        );
        return graph.Reshape(graph.Transpose(y, 2, 0, 1, 3), 0, 0, 2 * units);
    }

    // softmax(s · x xᵀ) x + x; scale and residual where the network has them.
    private GraphValue Attention(GraphValue x)
    {
        var dots = graph.MatMul(x, graph.Transpose(x, 0, 2, 1)); // [batch, query, key]
        if (weights.Contains("attention/scale"))
            dots = graph.Scale(dots, weights.Values("attention/scale")[0]);
        var seen = graph.MatMul(graph.Softmax(real.OnlyTheseWeigh(dots)), x);
        return model.Network.HasResidual ? graph.Add(seen, x) : seen;
    }

    private GraphValue Head(GraphValue x)
    {
        x = Dense(x, "dense", 2 * model.Network.LstmUnits, model.Network.DenseUnits);
        if (weights.Contains("batch_normalization/gamma"))
        {
            GraphValue Figure(string name) => weights.Vector($"batch_normalization/{name}");
            x = graph.BatchNormalization(
                x,
                Figure("gamma"),
                Figure("beta"),
                Figure("moving_mean"),
                Figure("moving_variance"),
                BatchNormEpsilon
            );
        }
        return Dense(Activated(x), "dense_1", model.Network.DenseUnits, model.Network.Classes);
    }

    private GraphValue Dense(GraphValue x, string path, int from, int to) =>
        graph.Gemm(
            x,
            weights.Kernel(
                $"{path}/kernel",
                values => Turned(values, from, to, (input, output) => (output * from) + input),
                to,
                from
            ),
            weights.Vector($"{path}/bias"),
            transposeB: true
        );

    // As Metrics.Temperature: shares that float32 cannot hold count as its smallest number, and the logarithms of all are divided.
    private GraphValue Cooled(GraphValue logits)
    {
        const float leastExponent = -87.33654f,
            logOfLeast = -103.6163f; // where Kernels' eˣ becomes 0, and ln 1e-45
        if (model.Temperature == 1)
            return graph.Softmax(logits);
        GraphValue Number(string text, float value) => graph.Constant(text, [value]);
        var below = graph.Less(
            graph.Subtract(logits, graph.ReduceMax(logits, -1)),
            Number("least exponent", leastExponent)
        );
        var logarithms = graph.Where(below, Number("log of the least share", logOfLeast), graph.LogSoftmax(logits));
        return graph.Softmax(graph.Scale(logarithms, (float)(1 / model.Temperature)));
    }

    /// <summary>Keras' [from, (i, f, c, o) · units] as ONNX' [(i, o, f, c) · units, from].</summary>
    private static float[] Gates(float[] values, int from, int units)
    {
        ReadOnlySpan<int> placeOf = [0, 2, 3, 1]; // of i, f, c, o
        var places = placeOf.ToArray();
        return Turned(values, from, 4 * units, (input, column) =>
            ((((places[column / units] * units) + (column % units)) * from) + input)
        );
    }

    private static float[] Turned(float[] values, int rows, int columns, Func<int, int, int> place)
    {
        var turned = new float[values.Length];
        for (var row = 0; row < rows; row++)
        for (var column = 0; column < columns; column++)
            turned[place(row, column)] = values[(row * columns) + column];
        return turned;
    }
}
