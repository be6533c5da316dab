namespace AttnCrnn.Onnx;

/// <summary>The operators, with ONNX' shapes and, where common, names.</summary>
internal sealed partial class GraphBuilder
{
    /// <summary>a b over the last two axes.</summary>
    public GraphValue MatMul(GraphValue a, GraphValue b) => AddNode("MatMul", [a, b]);

    /// <summary>a b + bias, a [rows, k]; b [k, n], or [n, k] when <paramref name="transposeB"/>.</summary>
    /// <param name="bias">[n], or default for none.</param>
    public GraphValue Gemm(GraphValue a, GraphValue b, GraphValue bias, bool transposeB = false) =>
        AddNode("Gemm", bias.Name is null ? [a, b] : [a, b, bias], attribute =>
            attribute.AddInteger("transB", transposeB ? 1 : 0)
        );

    public GraphValue Add(GraphValue a, GraphValue b) => AddNode("Add", [a, b]);

    public GraphValue Subtract(GraphValue a, GraphValue b) => AddNode("Sub", [a, b]);

    public GraphValue Multiply(GraphValue a, GraphValue b) => AddNode("Mul", [a, b]);

    /// <summary>a / b; integers are truncated toward zero.</summary>
    public GraphValue Divide(GraphValue a, GraphValue b) => AddNode("Div", [a, b]);

    public GraphValue Sigmoid(GraphValue x) => AddNode("Sigmoid", [x]);

    public GraphValue Relu(GraphValue x) => AddNode("Relu", [x]);

    /// <summary>The exact form, with the error function.</summary>
    public GraphValue Gelu(GraphValue x) => AddNode("Gelu", [x], attribute => attribute.AddText("approximate", "none"));

    /// <summary>The tanh approximation (Hendrycks and Gimpel 2016).</summary>
    public GraphValue GeluTanh(GraphValue x) =>
        AddNode("Gelu", [x], attribute => attribute.AddText("approximate", "tanh"));

    public GraphValue Tanh(GraphValue x) => AddNode("Tanh", [x]);

    public GraphValue Sin(GraphValue x) => AddNode("Sin", [x]);

    public GraphValue Sqrt(GraphValue x) => AddNode("Sqrt", [x]);

    /// <summary>Natural logarithm.</summary>
    public GraphValue Log(GraphValue x) => AddNode("Log", [x]);

    /// <summary>Element-wise maximum.</summary>
    public GraphValue Max(GraphValue a, GraphValue b) => AddNode("Max", [a, b]);

    /// <summary>Element-wise a &lt; b, for <see cref="Where"/>.</summary>
    public GraphValue Less(GraphValue a, GraphValue b) => AddNode("Less", [a, b]);

    /// <summary>a where the condition holds, b elsewhere.</summary>
    public GraphValue Where(GraphValue condition, GraphValue a, GraphValue b) => AddNode("Where", [condition, a, b]);

    /// <summary>The mean along an axis, which is removed.</summary>
    public GraphValue Mean(GraphValue x, int axis) =>
        AddNode("ReduceMean", [x, AddAxes(axis)], attribute => attribute.AddInteger("keepdims", 0));

    /// <summary>The maximum along an axis, which is kept with length 1.</summary>
    public GraphValue ReduceMax(GraphValue x, int axis) => AddNode("ReduceMax", [x, AddAxes(axis)]);

    /// <summary>The sum along an axis, which is removed.</summary>
    public GraphValue Sum(GraphValue x, int axis) =>
        AddNode("ReduceSum", [x, AddAxes(axis)], attribute => attribute.AddInteger("keepdims", 0));

    public GraphValue Softmax(GraphValue x, int axis = -1) =>
        AddNode("Softmax", [x], attribute => attribute.AddInteger("axis", axis));

    /// <summary>ln softmax, without underflow of small probabilities.</summary>
    public GraphValue LogSoftmax(GraphValue x) =>
        AddNode("LogSoftmax", [x], attribute => attribute.AddInteger("axis", -1));

    /// <summary>
    /// With running statistics per feature: (x - mean) / √(variance + ε) · scale + bias, x [rows, features].
    /// </summary>
    public GraphValue BatchNormalization(
        GraphValue x,
        GraphValue scale,
        GraphValue bias,
        GraphValue mean,
        GraphValue variance,
        float epsilon
    ) =>
        AddNode("BatchNormalization", [x, scale, bias, mean, variance], attribute =>
            attribute.AddFloat("epsilon", epsilon)
        );

    public GraphValue LayerNormalization(GraphValue x, GraphValue scale, GraphValue bias, float epsilon) =>
        AddNode("LayerNormalization", [x, scale, bias], attribute => attribute.AddFloat("epsilon", epsilon));

    /// <summary>
    /// A convolution along time of [1, channels, 1, time], as 2-D with height 1, which ONNX Runtime executes faster
    /// than 1-D.
    /// </summary>
    /// <param name="kernel">[filters, channels / groups, 1, taps].</param>
    /// <param name="bias">[filters], or default for none.</param>
    public GraphValue ConvolutionAlongTime(
        GraphValue x,
        GraphValue kernel,
        GraphValue bias,
        int taps,
        int stride,
        int padBefore = 0,
        int padAfter = 0,
        int groups = 1
    ) => AddNode("Conv", bias.Name is null ? [x, kernel] : [x, kernel, bias], attribute =>
        {
            attribute.AddIntegers("kernel_shape", [1, taps]);
            attribute.AddIntegers("strides", [1, stride]);
            attribute.AddIntegers("pads", [0, padBefore, 0, padAfter]);
            attribute.AddInteger("group", groups);
        });

    /// <summary>Max pooling of size 2 along time of [batch, channels, 1, time]; an odd last frame is dropped.</summary>
    public GraphValue MaxPool1D(GraphValue x) => AddNode("MaxPool", [x], attribute =>
        {
            attribute.AddIntegers("kernel_shape", [1, 2]);
            attribute.AddIntegers("strides", [1, 2]);
        });

    /// <summary>
    /// A bidirectional LSTM with zero initial states; gates in ONNX' order: input, output, forget, cell.
    /// </summary>
    /// <param name="x">[time, batch, width].</param>
    /// <param name="kernels">[2, 4 units, width].</param>
    /// <param name="recurrent">[2, 4 units, units].</param>
    /// <param name="bias">[2, 8 units]: input biases, then recurrent biases.</param>
    /// <param name="lengths">[batch], int32: frames per clip; default if there is no padding.</param>
    /// <returns>[time, 2, batch, units], zeros beyond a clip's end.</returns>
    public GraphValue BidirectionalLstm(
        GraphValue x,
        GraphValue kernels,
        GraphValue recurrent,
        GraphValue bias,
        GraphValue lengths,
        int units
    ) =>
        AddNode(
            "LSTM",
            lengths.Name is null ? [x, kernels, recurrent, bias] : [x, kernels, recurrent, bias, lengths],
            attribute =>
            {
                attribute.AddText("direction", "bidirectional");
                attribute.AddInteger("hidden_size", units);
            }
        );

    /// <summary>Instance normalization over time; equals a group norm with one channel per group.</summary>
    public GraphValue InstanceNormalization(GraphValue x, GraphValue scale, GraphValue bias, float epsilon) =>
        AddNode("InstanceNormalization", [x, scale, bias], attribute => attribute.AddFloat("epsilon", epsilon));

    /// <summary>Multi-head attention of projected query, key and value, each [1, time, width].</summary>
    /// <param name="bias">
    /// [1, heads, time, time], added to the scaled products before softmax; default for none.
    /// </param>
    public GraphValue MultiHeadAttention(
        GraphValue query,
        GraphValue key,
        GraphValue value,
        int heads,
        GraphValue bias = default
    ) =>
        AddNode(
            "MultiHeadAttention",
            bias.Name is null ? [query, key, value] : [query, key, value, default, default, bias],
            attribute => attribute.AddInteger("num_heads", heads),
            Microsoft
        );

    /// <summary>a b + bias, with a quantized dynamically to 8 bits and b quantized already.</summary>
    /// <param name="b">[k, n], int8.</param>
    /// <param name="scale">[n].</param>
    /// <param name="bias">[n], or default for none.</param>
    public GraphValue QuantizedMatMul(GraphValue a, GraphValue b, GraphValue scale, GraphValue bias) =>
        AddNode(
            "DynamicQuantizeMatMul",
            bias.Name is null ? [a, b, scale] : [a, b, scale, default, bias],
            domain: Microsoft
        );

    /// <summary>int8 codes times the scale of their row.</summary>
    /// <param name="codes">[rows, …], int8.</param>
    /// <param name="scales">[rows].</param>
    public GraphValue DequantizeLinear(GraphValue codes, GraphValue scales) =>
        AddNode("DequantizeLinear", [codes, scales], attribute => attribute.AddInteger("axis", 0));

    public GraphValue Transpose(GraphValue x, params int[] axes) =>
        AddNode("Transpose", [x], attribute => attribute.AddIntegers("perm", axes));

    /// <summary>Reshapes; 0 keeps an axis, -1 infers it.</summary>
    public GraphValue Reshape(GraphValue x, params long[] shape) =>
        AddNode("Reshape", [x, AddIntegers("shape", shape)]);

    /// <summary>Reshapes to lengths that the graph computes, int64 scalars.</summary>
    public GraphValue Reshape(GraphValue x, params GraphValue[] shape) =>
        AddNode("Reshape", [x, Concat(0, [.. shape.Select(length => Unsqueeze(length, 0))])]);

    /// <summary>Concatenates along an axis.</summary>
    public GraphValue Concat(int axis, params GraphValue[] parts) =>
        parts.Length == 1 ? parts[0] : AddNode("Concat", parts, attribute => attribute.AddInteger("axis", axis));

    /// <summary>Appends zeros along an axis up to a minimum length.</summary>
    public GraphValue PadToLength(GraphValue x, int axis, int rank, long length) =>
        PadToLength(x, axis, rank, Int64(length));

    /// <summary>Appends zeros along an axis up to a minimum length.</summary>
    /// <param name="length">An int64 scalar.</param>
    public GraphValue PadToLength(GraphValue x, int axis, int rank, GraphValue length)
    {
        var paddingCount = Unsqueeze(Max(Subtract(length, Length(x, axis)), Int64(0)), 0);
        // The padding before each axis, then after each.
        var leadingPads = AddIntegers("pads", new long[rank + axis]);
        return AddNode(
            "Pad",
            [
                x,
                axis == rank - 1
                    ? Concat(0, leadingPads, paddingCount)
                    : Concat(0, leadingPads, paddingCount, AddIntegers("pads", new long[rank - 1 - axis])),
            ]
        );
    }

    /// <summary>
    /// Reflection padding, …3 2 1 [0 1 2 3] 2 1 0…, by count at both ends of [values], which must be longer than
    /// count.
    /// </summary>
    public GraphValue PadByReflection(GraphValue x, long count) =>
        AddNode("Pad", [x, AddIntegers("pads", [count, count])], attribute => attribute.AddText("mode", "reflect"));

    public GraphValue Unsqueeze(GraphValue x, params int[] axes) => AddNode("Unsqueeze", [x, AddAxes(axes)]);

    public GraphValue Squeeze(GraphValue x, params int[] axes) => AddNode("Squeeze", [x, AddAxes(axes)]);

    /// <summary>
    /// Elements from first up to, not including, end along an axis; a negative end counts from the end of the axis.
    /// </summary>
    public GraphValue Slice(GraphValue x, int axis, long first, long end) =>
        AddNode("Slice", [x, AddIntegers("first", [first]), AddIntegers("end", [end]), AddAxes(axis)]);

    /// <summary>The first end elements of x along an axis, or all if there are fewer.</summary>
    /// <param name="end">An int64 scalar.</param>
    public GraphValue SliceEnd(GraphValue x, int axis, GraphValue end) =>
        AddNode("Slice", [x, AddIntegers("first", [0]), Unsqueeze(end, 0), AddAxes(axis)]);

    /// <summary>The elements of x at the given indices along an axis.</summary>
    public GraphValue Gather(GraphValue x, GraphValue indices, int axis) =>
        AddNode("Gather", [x, indices], attribute => attribute.AddInteger("axis", axis));

    /// <summary>The length of an axis, an int64 scalar.</summary>
    public GraphValue Length(GraphValue x, int axis) => Squeeze(AddNode("Shape", [x], attribute =>
            {
                attribute.AddInteger("start", axis);
                attribute.AddInteger("end", axis + 1);
            }), 0);

    /// <summary>0, 1, … up to, not including, an int64 scalar.</summary>
    public GraphValue Range(GraphValue end) => AddNode("Range", [AddInteger("zero", 0), end, AddInteger("one", 1)]);

    /// <summary>Clamps int64 values.</summary>
    public GraphValue Clip(GraphValue x, long min, long max) =>
        AddNode("Clip", [x, AddInteger("least", min), AddInteger("most", max)]);

    /// <summary>Adds a constant to int64 values.</summary>
    public GraphValue AddInt64(GraphValue x, long constant) => Add(x, AddInteger("by", constant));

    /// <summary>Divides int64 values by a constant, truncated toward zero.</summary>
    public GraphValue DivideInt64(GraphValue x, long divisor) => Divide(x, AddInteger("by", divisor));

    /// <summary>An int64 scalar constant.</summary>
    public GraphValue Int64(long value) => AddInteger("whole", value);

    /// <summary>Multiplies float32 values by a constant.</summary>
    public GraphValue Scale(GraphValue x, float factor) => Multiply(x, Constant(CreateName("factor"), [factor]));

    /// <summary>Adds a constant to float32 values.</summary>
    public GraphValue AddConstant(GraphValue x, float number) => Add(x, Constant(CreateName("number"), [number]));

    public GraphValue ToFloat32(GraphValue x) => Cast(ElementType.Float32, x);

    public GraphValue ToFloat64(GraphValue x) => Cast(ElementType.Float64, x);

    /// <summary>Casts to int32.</summary>
    public GraphValue ToInt32(GraphValue x) => Cast(ElementType.Int32, x);

    private GraphValue Cast(ElementType type, GraphValue x) =>
        AddNode("Cast", [x], attribute => attribute.AddInteger("to", (int)type));

    private GraphValue AddAxes(params int[] axes) => AddIntegers("axes", [.. axes.Select(axis => (long)axis)]);

    private GraphValue AddIntegers(string prefix, long[] values) => Int64s(CreateName(prefix), values, values.Length);

    private GraphValue AddInteger(string prefix, long value) => Int64s(CreateName(prefix), [value]);

    /// <summary>A unique tensor name with this prefix.</summary>
    internal string CreateName(string prefix) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{prefix}_{nameCount++}");
}
