using AttnCrnn.Models;
using AttnCrnn.Models.Layers;
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
    private readonly OnnxWeights weights;
    private PaddingMask paddingMask;

    private OnnxNetwork(GraphBuilder graph, TrainedModelInfo model, OnnxWeights weights, PaddingMask frameCounts)
    {
        this.graph = graph;
        this.model = model;
        this.weights = weights;
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
        var network = new OnnxNetwork(graph, model, weights, new PaddingMask(graph, lengths));
        var x = network.MaskPadding(
            network.AddNormalization(
                model.IsFixedLength ? network.AddPadding(network.MaskPadding(frames)) : frames,
                normalizes
            )
        );
        var probabilities = network.AddScaledSoftmax(network.AddForwardPass(network.AddPadding(x)));
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

    private GraphValue AddActivation(GraphValue x) =>
        model.Network.Activation switch
        {
            HeadActivation.Gelu => graph.Gelu(x),
            HeadActivation.GeluTanh => graph.GeluTanh(x),
            HeadActivation.Relu => graph.Relu(x),
            var other => throw new InvalidOperationException($"unsupported activation {other}"),
        };

    // Emotion logits, [batch, classes].
    private GraphValue AddForwardPass(GraphValue x)
    {
        if (model.Network.EncoderLayers > 1)
            x = AddLayerWeighting(x); // [batch, time, width]
        x = graph.Unsqueeze(graph.Transpose(x, 0, 2, 1), 2); // [batch, width, 1, time]
        x = AddConvPool(x, TensorNames.Conv1, model.Network.Width, model.Network.Conv1Filters);
        x = AddConvPool(x, TensorNames.Conv2, model.Network.Conv1Filters, model.Network.Conv2Filters);
        x = graph.Transpose(graph.Squeeze(x, 2), 2, 0, 1); // [time/4, batch, 256]
        x = AddLstm(x); // [batch, time/4, 256]
        x = AddAttention(x); // [batch, time/4, 256]
        if (weights.Contains(TensorNames.LayerNormGamma))
            x = graph.LayerNormalization(
                x,
                weights.AddVector(TensorNames.LayerNormGamma),
                weights.AddVector(TensorNames.LayerNormBeta),
                (float)LayerNorm.Epsilon
            );
        return AddHead(paddingMask.ComputeMean(x)); // [batch, classes]
    }

    private GraphValue MaskPadding(GraphValue x) => paddingMask.ZeroPadding(x, timeAxis: 1, rank: 3);

    private GraphValue AddNormalization(GraphValue frames, bool normalizes) =>
        !normalizes || model.Normalization.Kind == "none"
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

    // Σ w · layer: a row of weights times each frame's [layers, width].
    private GraphValue AddLayerWeighting(GraphValue x)
    {
        var layers = model.Network.EncoderLayers;
        var width = model.Network.Width;
        var row = graph.Constant(
            TensorNames.LayerWeightingKernel,
            weights.GetValues(TensorNames.LayerWeightingKernel),
            1,
            layers
        );
        return graph.Squeeze(graph.MatMul(row, graph.Reshape(x, 0, 0, layers, width)), 2);
    }

    // [batch, inputs, 1, time] → [batch, outputs, 1, time/2].
    private GraphValue AddConvPool(GraphValue x, string path, int inputs, int outputs)
    {
        const int taps = Models.Layers.Convolution.ConvPool.Taps;
        var kernel = weights.AddKernel(
            TensorNames.GetKernelName(path),
            values =>
                PermuteColumns(values, taps * inputs, outputs, (row, filter) =>
                    (((filter * inputs) + (row % inputs)) * taps) + (row / inputs)
                ),
            outputs,
            inputs,
            1,
            taps
        );
        x = graph.ConvolutionAlongTime(
            x,
            kernel,
            weights.AddVector(TensorNames.GetBiasName(path)),
            taps,
            1,
            taps / 2,
            taps / 2
        );
        x = graph.MaxPool1D(graph.Relu(x));
        paddingMask = paddingMask.Halve();
        return paddingMask.ZeroPadding(x, timeAxis: 3, rank: 4); // the bias makes padding non-zero
    }

    private GraphValue AddLstm(GraphValue x)
    {
        var width = model.Network.Conv2Filters;
        var units = model.Network.LstmUnits;
        string[] directions = [TensorNames.ForwardCell, TensorNames.BackwardCell];
        GraphValue CreateKernels(Func<string, string> name, int inputs) =>
            graph.Reshape(
                graph.Concat(
                    0,
                    [
                        .. directions.Select(path =>
                            weights.AddKernel(
                                name(path),
                                values => PermuteGates(values, inputs, units),
                                4 * units,
                                inputs
                            )
                        ),
                    ]
                ),
                2,
                4 * units,
                inputs
            );
        var bias = directions.SelectMany(path =>
            (float[])
                [.. PermuteGates(weights.GetValues(TensorNames.GetBiasName(path)), 1, units), .. new float[4 * units]]
        );
        var y = graph.BidirectionalLstm(
            x,
            CreateKernels(TensorNames.GetKernelName, width),
            CreateKernels(TensorNames.GetRecurrentKernelName, units),
            graph.Constant("bidirectional/bias", [.. bias], 2, 8 * units),
            paddingMask.Int32Lengths,
            units
        );
        return graph.Reshape(graph.Transpose(y, 2, 0, 1, 3), 0, 0, 2 * units);
    }

    // softmax(s · x xᵀ) x + x; scale and residual are optional.
    private GraphValue AddAttention(GraphValue x)
    {
        var dots = graph.MatMul(x, graph.Transpose(x, 0, 2, 1)); // [batch, query, key]
        if (weights.Contains(TensorNames.AttentionScale))
            dots = graph.Scale(dots, weights.GetValues(TensorNames.AttentionScale)[0]);
        var context = graph.MatMul(graph.Softmax(paddingMask.MaskPadding(dots)), x);
        return model.Network.HasResidual ? graph.Add(context, x) : context;
    }

    private GraphValue AddHead(GraphValue x)
    {
        x = AddDense(x, TensorNames.HiddenDense, 2 * model.Network.LstmUnits, model.Network.DenseUnits);
        if (weights.Contains(TensorNames.BatchNormGamma))
        {
            x = graph.BatchNormalization(
                x,
                weights.AddVector(TensorNames.BatchNormGamma),
                weights.AddVector(TensorNames.BatchNormBeta),
                weights.AddVector(TensorNames.BatchNormMean),
                weights.AddVector(TensorNames.BatchNormVariance),
                (float)BatchNorm.Epsilon
            );
        }
        return AddDense(AddActivation(x), TensorNames.OutputDense, model.Network.DenseUnits, model.Network.Classes);
    }

    private GraphValue AddDense(GraphValue x, string path, int inputs, int outputs) =>
        graph.Gemm(
            x,
            weights.AddKernel(
                TensorNames.GetKernelName(path),
                values => PermuteColumns(values, inputs, outputs, (input, output) => (output * inputs) + input),
                outputs,
                inputs
            ),
            weights.AddVector(TensorNames.GetBiasName(path)),
            transposeB: true
        );

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

    /// <summary>Converts Keras' [inputs, (i, f, c, o) · units] to ONNX' [(i, o, f, c) · units, inputs].</summary>
    private static float[] PermuteGates(float[] values, int inputs, int units)
    {
        ReadOnlySpan<int> onnxGates = [0, 2, 3, 1]; // of i, f, c, o
        var gatePositions = onnxGates.ToArray();
        return PermuteColumns(values, inputs, 4 * units, (input, column) =>
            ((((gatePositions[column / units] * units) + (column % units)) * inputs) + input)
        );
    }

    private static float[] PermuteColumns(float[] values, int rows, int columns, Func<int, int, int> index)
    {
        var result = new float[values.Length];
        for (var row = 0; row < rows; row++)
        for (var column = 0; column < columns; column++)
            result[index(row, column)] = values[(row * columns) + column];
        return result;
    }
}
