namespace AttnCrnn.Onnx;

/// <summary>The operators; shapes as ONNX has them, names too where they are known by them.</summary>
internal sealed partial class GraphBuilder
{
    /// <summary>a b over the last two axes.</summary>
    public GraphValue MatMul(GraphValue a, GraphValue b) => Node("MatMul", [a, b]);

    /// <summary>a b + bias, a [rows, k]; b [k, n], or [n, k] when <paramref name="transposeB"/>.</summary>
    /// <param name="bias">[n], or default for none.</param>
    public GraphValue Gemm(GraphValue a, GraphValue b, GraphValue bias, bool transposeB = false) =>
        Node("Gemm", bias.Name is null ? [a, b] : [a, b, bias], attribute =>
            attribute.Integer("transB", transposeB ? 1 : 0)
        );

    public GraphValue Add(GraphValue a, GraphValue b) => Node("Add", [a, b]);

    public GraphValue Subtract(GraphValue a, GraphValue b) => Node("Sub", [a, b]);

    public GraphValue Multiply(GraphValue a, GraphValue b) => Node("Mul", [a, b]);

    /// <summary>a / b; of whole numbers what is left after cutting off the rest.</summary>
    public GraphValue Divide(GraphValue a, GraphValue b) => Node("Div", [a, b]);

    public GraphValue Sigmoid(GraphValue x) => Node("Sigmoid", [x]);

    public GraphValue Relu(GraphValue x) => Node("Relu", [x]);

    /// <summary>The exact form, by the error function.</summary>
    public GraphValue Gelu(GraphValue x) => Node("Gelu", [x], attribute => attribute.Word("approximate", "none"));

    /// <summary>By tanh (Hendrycks and Gimpel 2016).</summary>
    public GraphValue TanhGelu(GraphValue x) => Node("Gelu", [x], attribute => attribute.Word("approximate", "tanh"));

    public GraphValue SquareRoot(GraphValue x) => Node("Sqrt", [x]);

    /// <summary>Natural.</summary>
    public GraphValue Logarithm(GraphValue x) => Node("Log", [x]);

    /// <summary>The larger one of each pair.</summary>
    public GraphValue Max(GraphValue a, GraphValue b) => Node("Max", [a, b]);

    /// <summary>Whether a is less than b, for <see cref="Where"/>.</summary>
    public GraphValue Less(GraphValue a, GraphValue b) => Node("Less", [a, b]);

    /// <summary>a where it is so, b elsewhere.</summary>
    public GraphValue Where(GraphValue condition, GraphValue a, GraphValue b) => Node("Where", [condition, a, b]);

    /// <summary>The mean along an axis, which is left out.</summary>
    public GraphValue Mean(GraphValue x, int axis) =>
        Node("ReduceMean", [x, Axes(axis)], attribute => attribute.Integer("keepdims", 0));

    /// <summary>The largest along an axis, which stays with a length of 1.</summary>
    public GraphValue ReduceMax(GraphValue x, int axis) => Node("ReduceMax", [x, Axes(axis)]);

    /// <summary>The sum along an axis, which is left out.</summary>
    public GraphValue Sum(GraphValue x, int axis) =>
        Node("ReduceSum", [x, Axes(axis)], attribute => attribute.Integer("keepdims", 0));

    public GraphValue Softmax(GraphValue x, int axis = -1) =>
        Node("Softmax", [x], attribute => attribute.Integer("axis", axis));

    /// <summary>ln softmax, without the detour by which small shares become 0.</summary>
    public GraphValue LogSoftmax(GraphValue x) => Node("LogSoftmax", [x], attribute => attribute.Integer("axis", -1));

    /// <summary>By kept figures, each feature's own: (x - mean) / √(variance + ε) · scale + bias, x [rows, features].</summary>
    public GraphValue BatchNormalization(
        GraphValue x,
        GraphValue scale,
        GraphValue bias,
        GraphValue mean,
        GraphValue variance,
        float epsilon
    ) =>
        Node("BatchNormalization", [x, scale, bias, mean, variance], attribute => attribute.Number("epsilon", epsilon));

    public GraphValue LayerNormalization(GraphValue x, GraphValue scale, GraphValue bias, float epsilon) =>
        Node("LayerNormalization", [x, scale, bias], attribute => attribute.Number("epsilon", epsilon));

    /// <summary>A convolution of [1, channels, 1, time]: along time, with a height of 1, which the runtime lays out better than one without.</summary>
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
    ) => Node("Conv", bias.Name is null ? [x, kernel] : [x, kernel, bias], attribute =>
        {
            attribute.Integers("kernel_shape", [1, taps]);
            attribute.Integers("strides", [1, stride]);
            attribute.Integers("pads", [0, padBefore, 0, padAfter]);
            attribute.Integer("group", groups);
        });

    /// <summary>The larger one of each two frames of [batch, channels, 1, time]; an odd last one is left out.</summary>
    public GraphValue MaxPool1D(GraphValue x) => Node("MaxPool", [x], attribute =>
        {
            attribute.Integers("kernel_shape", [1, 2]);
            attribute.Integers("strides", [1, 2]);
        });

    /// <summary>Two LSTMs, one reading each clip forwards and one backwards, from zero states; gates in ONNX' order: input, output, forget, cell.</summary>
    /// <param name="x">[time, batch, width].</param>
    /// <param name="kernels">[2, 4 units, width].</param>
    /// <param name="recurrent">[2, 4 units, units].</param>
    /// <param name="bias">[2, 8 units]: those of the input, then those of the state.</param>
    /// <param name="lengths">[batch], int32: each clip's real frames; default where all are.</param>
    /// <returns>[time, 2, batch, units], zeros beyond a clip's end.</returns>
    public GraphValue BidirectionalLstm(
        GraphValue x,
        GraphValue kernels,
        GraphValue recurrent,
        GraphValue bias,
        GraphValue lengths,
        int units
    ) =>
        Node(
            "LSTM",
            lengths.Name is null ? [x, kernels, recurrent, bias] : [x, kernels, recurrent, bias, lengths],
            attribute =>
            {
                attribute.Word("direction", "bidirectional");
                attribute.Integer("hidden_size", units);
            }
        );

    /// <summary>Each channel over all of time to mean 0 and deviation 1, then scaled and shifted; what a group norm of one channel a group is.</summary>
    public GraphValue InstanceNormalization(GraphValue x, GraphValue scale, GraphValue bias, float epsilon) =>
        Node("InstanceNormalization", [x, scale, bias], attribute => attribute.Number("epsilon", epsilon));

    /// <summary>Attention of many heads, q, k and v [1, time, width] already projected.</summary>
    /// <param name="bias">[1, heads, time, time], added to the scaled products before softmax; default for none.</param>
    public GraphValue MultiHeadAttention(
        GraphValue query,
        GraphValue key,
        GraphValue value,
        int heads,
        GraphValue bias = default
    ) =>
        Node(
            "MultiHeadAttention",
            bias.Name is null ? [query, key, value] : [query, key, value, default, default, bias],
            attribute => attribute.Integer("num_heads", heads),
            Microsoft
        );

    /// <summary>a b + bias, where a is coded by eight bits on its way and b is so already.</summary>
    /// <param name="b">[k, n], int8.</param>
    /// <param name="scale">[n].</param>
    /// <param name="bias">[n], or default for none.</param>
    public GraphValue QuantizedMatMul(GraphValue a, GraphValue b, GraphValue scale, GraphValue bias) =>
        Node(
            "DynamicQuantizeMatMul",
            bias.Name is null ? [a, b, scale] : [a, b, scale, default, bias],
            domain: Microsoft
        );

    /// <summary>Codes of eight bits times the scale of their row.</summary>
    /// <param name="codes">[rows, …], int8.</param>
    /// <param name="scales">[rows].</param>
    public GraphValue DequantizeLinear(GraphValue codes, GraphValue scales) =>
        Node("DequantizeLinear", [codes, scales], attribute => attribute.Integer("axis", 0));

    public GraphValue Transpose(GraphValue x, params int[] axes) =>
        Node("Transpose", [x], attribute => attribute.Integers("perm", axes));

    /// <summary>Another shape; 0 keeps an axis, -1 is what is left.</summary>
    public GraphValue Reshape(GraphValue x, params long[] shape) => Node("Reshape", [x, Integers("shape", shape)]);

    /// <summary>Side by side along an axis.</summary>
    public GraphValue Concatenate(int axis, params GraphValue[] parts) =>
        parts.Length == 1 ? parts[0] : Node("Concat", parts, attribute => attribute.Integer("axis", axis));

    /// <summary>With zeros behind it, where it is shorter along an axis.</summary>
    public GraphValue PadToLength(GraphValue x, int axis, int rank, long length)
    {
        var missing = Unsqueeze(Max(Subtract(Int64(length), Length(x, axis)), Int64(0)), 0);
        // Pads before each axis, then those after.
        var before = Integers("pads", new long[rank + axis]);
        return Node(
            "Pad",
            [
                x,
                axis == rank - 1
                    ? Concatenate(0, before, missing)
                    : Concatenate(0, before, missing, Integers("pads", new long[rank - 1 - axis])),
            ]
        );
    }

    /// <summary>…3 2 1 [0 1 2 3] 2 1 0…, so many on both sides of [values], which must be more than these.</summary>
    public GraphValue PadByReflection(GraphValue x, long count) =>
        Node("Pad", [x, Integers("pads", [count, count])], attribute => attribute.Word("mode", "reflect"));

    public GraphValue Unsqueeze(GraphValue x, params int[] axes) => Node("Unsqueeze", [x, Axes(axes)]);

    public GraphValue Squeeze(GraphValue x, params int[] axes) => Node("Squeeze", [x, Axes(axes)]);

    /// <summary>From first to, not including, end along an axis; a negative end counts from the axis' own.</summary>
    public GraphValue Slice(GraphValue x, int axis, long first, long end) =>
        Node("Slice", [x, Integers("first", [first]), Integers("end", [end]), Axes(axis)]);

    /// <summary>The elements of x up to a whole number, or to its end where that is nearer, along an axis.</summary>
    /// <param name="end">Without axes.</param>
    public GraphValue SliceEnd(GraphValue x, int axis, GraphValue end) =>
        Node("Slice", [x, Integers("first", [0]), Unsqueeze(end, 0), Axes(axis)]);

    /// <summary>The elements of x at places along an axis.</summary>
    public GraphValue Gather(GraphValue x, GraphValue places, int axis) =>
        Node("Gather", [x, places], attribute => attribute.Integer("axis", axis));

    /// <summary>How long an axis is, a whole number without axes.</summary>
    public GraphValue Length(GraphValue x, int axis) => Squeeze(Node("Shape", [x], attribute =>
            {
                attribute.Integer("start", axis);
                attribute.Integer("end", axis + 1);
            }), 0);

    /// <summary>0, 1, … below a whole number.</summary>
    public GraphValue Range(GraphValue end) => Node("Range", [Integer("zero", 0), end, Integer("one", 1)]);

    /// <summary>Whole numbers, none below one bound or above another.</summary>
    public GraphValue Clamp(GraphValue x, long min, long max) =>
        Node("Clip", [x, Integer("least", min), Integer("most", max)]);

    /// <summary>Whole numbers, moved by one.</summary>
    public GraphValue AddConstant(GraphValue x, long by) => Add(x, Integer("by", by));

    /// <summary>Whole numbers by one, what is left over cut off.</summary>
    public GraphValue DivideInt64(GraphValue x, long by) => Divide(x, Integer("by", by));

    /// <summary>A whole number without axes.</summary>
    public GraphValue Int64(long value) => Integer("whole", value);

    /// <summary>One number for all elements.</summary>
    public GraphValue Scale(GraphValue x, float factor) => Multiply(x, Constant(Unique("factor"), [factor]));

    /// <summary>One number for all elements.</summary>
    public GraphValue AddInt64(GraphValue x, float number) => Add(x, Constant(Unique("number"), [number]));

    public GraphValue ToFloat32(GraphValue x) => To(ElementType.Float32, x);

    public GraphValue ToFloat64(GraphValue x) => To(ElementType.Float64, x);

    /// <summary>Whole numbers of 32 bits.</summary>
    public GraphValue ToInt32(GraphValue x) => To(ElementType.Int32, x);

    private GraphValue To(ElementType type, GraphValue x) =>
        Node("Cast", [x], attribute => attribute.Integer("to", (int)type));

    private GraphValue Axes(params int[] axes) => Integers("axes", [.. axes.Select(axis => (long)axis)]);

    private GraphValue Integers(string what, long[] values) => Int64s(Unique(what), values, values.Length);

    private GraphValue Integer(string what, long value) => Int64s(Unique(what), [value]);

    /// <summary>A name that nothing else has.</summary>
    internal string Unique(string what) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{what}_{named++}");
}
