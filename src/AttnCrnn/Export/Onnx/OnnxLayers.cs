using AttnCrnn.Models;
using AttnCrnn.Models.Layers;
using AttnCrnn.Models.Layers.Convolution;
using AttnCrnn.Models.Layers.Recurrent;
using AttnCrnn.Onnx;

namespace AttnCrnn.Export.Onnx;

/// <summary>
/// The layers of a network as operators, without dropout and with batch norm's running statistics. Padding is masked
/// wherever it could affect a clip's frames.
/// </summary>
/// <param name="input">[batch, time, layers · width], normalized and padded.</param>
/// <param name="inputWidth">Its feature dimension.</param>
internal sealed class OnnxLayers(
    GraphBuilder graph,
    OnnxWeights weights,
    GraphValue input,
    int inputWidth,
    PaddingMask mask
) : ILayerVisitor
{
    private GraphValue x = input;
    private Layout layout = Layout.TimeWidth;
    private int width = inputWidth; // feature dimension of x
    private PaddingMask paddingMask = mask;

    // The axes of x. A layer converts them only if it needs others.
    private enum Layout
    {
        TimeWidth, // [batch, time, width]
        WidthTime, // [batch, width, 1, time]
    }

    /// <summary>The output of the last layer.</summary>
    public GraphValue Output => x;

    // Σ w · layer: a row of weights times each frame's [layers, width].
    /// <inheritdoc/>
    public void Visit(LayerWeightingDeclaration layer, string name)
    {
        width /= layer.Layers;
        var kernel = $"{name}/{TensorNames.KernelPart}";
        var row = graph.Constant(kernel, weights.GetValues(kernel), 1, layer.Layers);
        x = graph.Squeeze(graph.MatMul(row, graph.Reshape(x, 0, 0, layer.Layers, width)), 2);
    }

    /// <inheritdoc/>
    public void Visit(ConvPoolDeclaration layer, string name)
    {
        const int taps = ConvPool.Taps;
        if (layout == Layout.TimeWidth)
            x = graph.Unsqueeze(graph.Transpose(x, 0, 2, 1), 2);
        layout = Layout.WidthTime;
        var inputs = width;
        width = layer.Filters;
        var kernel = weights.AddKernel(
            $"{name}/{TensorNames.KernelPart}",
            values =>
                PermuteColumns(values, taps * inputs, layer.Filters, (row, filter) =>
                    (((filter * inputs) + (row % inputs)) * taps) + (row / inputs)
                ),
            layer.Filters,
            inputs,
            1,
            taps
        );
        var bias = weights.AddVector($"{name}/{TensorNames.BiasPart}");
        x = graph.MaxPool1D(graph.Relu(graph.ConvolutionAlongTime(x, kernel, bias, taps, 1, taps / 2, taps / 2)));
        paddingMask = paddingMask.Halve();
        x = paddingMask.ZeroPadding(x, timeAxis: 3, rank: 4); // the bias makes padding non-zero
    }

    /// <inheritdoc/>
    public void Visit(BidirectionalLstmDeclaration layer, string name)
    {
        var units = layer.Units;
        string[] cells = [$"{name}/{TensorNames.ForwardCellPart}", $"{name}/{TensorNames.BackwardCellPart}"];
        // [time, batch, width]
        var sequence =
            layout == Layout.WidthTime ? graph.Transpose(graph.Squeeze(x, 2), 2, 0, 1) : graph.Transpose(x, 1, 0, 2);
        var bias = cells.SelectMany(cell =>
            (float[])
                [
                    .. PermuteGates(weights.GetValues($"{cell}/{TensorNames.BiasPart}"), 1, units),
                    .. new float[4 * units],
                ]
        );
        var y = graph.BidirectionalLstm(
            sequence,
            AddKernels(cells, TensorNames.KernelPart, width, units),
            AddKernels(cells, TensorNames.RecurrentKernelPart, units, units),
            graph.Constant($"{name}/bias", [.. bias], 2, 8 * units),
            paddingMask.Int32Lengths,
            units
        );
        width = 2 * units;
        layout = Layout.TimeWidth;
        x = graph.Reshape(graph.Transpose(y, 2, 0, 1, 3), 0, 0, width);
    }

    /// <inheritdoc/>
    public void Visit(DropoutDeclaration layer, string name)
    {
        // There is none in inference.
    }

    // softmax(s · x xᵀ) x + x; scale and residual are optional.
    /// <inheritdoc/>
    public void Visit(SelfAttentionDeclaration layer, string name)
    {
        var dots = graph.MatMul(x, graph.Transpose(x, 0, 2, 1)); // [batch, query, key]
        if (layer.HasScale)
            dots = graph.Scale(dots, weights.GetValues($"{name}/{TensorNames.ScalePart}")[0]);
        var context = graph.MatMul(graph.Softmax(paddingMask.MaskPadding(dots)), x);
        x = layer.HasResidual ? graph.Add(context, x) : context;
    }

    /// <inheritdoc/>
    public void Visit(LayerNormDeclaration layer, string name) =>
        x = graph.LayerNormalization(
            x,
            weights.AddVector($"{name}/{TensorNames.GammaPart}"),
            weights.AddVector($"{name}/{TensorNames.BetaPart}"),
            (float)LayerNorm.Epsilon
        );

    /// <inheritdoc/>
    public void Visit(MeanOverTimeDeclaration layer, string name) => x = paddingMask.ComputeMean(x);

    // Mean and standard deviation, [batch, 2 · width].
    /// <inheritdoc/>
    public void Visit(StatisticsOverTimeDeclaration layer, string name)
    {
        var mean = paddingMask.ComputeMean(x);
        var difference = graph.Subtract(x, graph.Unsqueeze(mean, 1));
        var variance = paddingMask.ComputeMean(graph.Multiply(difference, difference));
        var deviation = graph.Sqrt(graph.AddConstant(variance, (float)StatisticsOverTime.Epsilon));
        x = graph.Concat(1, mean, deviation);
        width *= 2;
    }

    // softmax(vᵀ xᵀ) x: [batch, 1, time] times [batch, time, width].
    /// <inheritdoc/>
    public void Visit(AttentivePoolingDeclaration layer, string name)
    {
        var kernel = $"{name}/{TensorNames.KernelPart}";
        var row = graph.Constant(kernel, weights.GetValues(kernel), 1, width);
        var logits = graph.MatMul(row, graph.Transpose(x, 0, 2, 1));
        x = graph.Squeeze(graph.MatMul(graph.Softmax(paddingMask.MaskPadding(logits)), x), 1);
    }

    /// <inheritdoc/>
    public void Visit(DenseDeclaration layer, string name)
    {
        var inputs = width;
        width = layer.Units;
        var kernel = weights.AddKernel(
            $"{name}/{TensorNames.KernelPart}",
            values => PermuteColumns(values, inputs, layer.Units, (row, output) => (output * inputs) + row),
            layer.Units,
            inputs
        );
        x = graph.Gemm(x, kernel, weights.AddVector($"{name}/{TensorNames.BiasPart}"), transposeB: true);
    }

    /// <inheritdoc/>
    public void Visit(BatchNormDeclaration layer, string name) =>
        x = graph.BatchNormalization(
            x,
            weights.AddVector($"{name}/{TensorNames.GammaPart}"),
            weights.AddVector($"{name}/{TensorNames.BetaPart}"),
            weights.AddVector($"{name}/{TensorNames.MeanPart}"),
            weights.AddVector($"{name}/{TensorNames.VariancePart}"),
            (float)BatchNorm.Epsilon
        );

    /// <inheritdoc/>
    public void Visit(ActivationDeclaration layer, string name) =>
        x = layer.Kind switch
        {
            HeadActivation.Gelu => graph.Gelu(x),
            HeadActivation.GeluTanh => graph.GeluTanh(x),
            HeadActivation.Relu => graph.Relu(x),
            var other => throw new InvalidOperationException($"unsupported activation {other}"),
        };

    private GraphValue AddKernels(string[] cells, string part, int inputs, int units)
    {
        GraphValue[] kernels =
        [
            .. cells.Select(cell =>
                weights.AddKernel($"{cell}/{part}", values => PermuteGates(values, inputs, units), 4 * units, inputs)
            ),
        ];
        return graph.Reshape(graph.Concat(0, kernels), 2, 4 * units, inputs);
    }

    /// <summary>Converts Keras' [inputs, (i, f, c, o) · units] to ONNX' [(i, o, f, c) · units, inputs].</summary>
    private static float[] PermuteGates(float[] values, int inputs, int units)
    {
        ReadOnlySpan<int> onnxGates = [0, 2, 3, 1]; // of i, f, c, o
        var gatePositions = onnxGates.ToArray();
        return PermuteColumns(values, inputs, 4 * units, (row, column) =>
            ((((gatePositions[column / units] * units) + (column % units)) * inputs) + row)
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
