namespace AttnCrnn.Onnx;

/// <summary>The operators; shapes as ONNX has them, names too where they are known by them.</summary>
public sealed partial class GraphBuilder
{
    /// <summary>a b over the last two axes.</summary>
    public GraphValue MatMul(GraphValue a, GraphValue b) => Node("MatMul", [a, b]);

    /// <summary>a b + bias, a [rows, k]; b [k, n], or [n, k] when <paramref name="transposeB"/>.</summary>
    public GraphValue Gemm(GraphValue a, GraphValue b, GraphValue bias, bool transposeB = false) =>
        Node("Gemm", [a, b, bias], attribute => attribute.Integer("transB", transposeB ? 1 : 0));

    public GraphValue Add(GraphValue a, GraphValue b) => Node("Add", [a, b]);

    public GraphValue Subtract(GraphValue a, GraphValue b) => Node("Sub", [a, b]);

    public GraphValue Multiply(GraphValue a, GraphValue b) => Node("Mul", [a, b]);

    public GraphValue Sigmoid(GraphValue x) => Node("Sigmoid", [x]);

    public GraphValue Relu(GraphValue x) => Node("Relu", [x]);

    /// <summary>The exact form, by the error function.</summary>
    public GraphValue Gelu(GraphValue x) => Node("Gelu", [x], attribute => attribute.Word("approximate", "none"));

    /// <summary>By tanh (Hendrycks and Gimpel 2016).</summary>
    public GraphValue TanhGelu(GraphValue x) => Node("Gelu", [x], attribute => attribute.Word("approximate", "tanh"));

    /// <summary>The sum along an axis, which is left out.</summary>
    public GraphValue Sum(GraphValue x, int axis) => Node("ReduceSum", [x, Axes(axis)], attribute => attribute.Integer("keepdims", 0));

    public GraphValue Softmax(GraphValue x, int axis = -1) => Node("Softmax", [x], attribute => attribute.Integer("axis", axis));

    public GraphValue LayerNormalization(GraphValue x, GraphValue scale, GraphValue bias, float epsilon) =>
        Node("LayerNormalization", [x, scale, bias], attribute => attribute.Number("epsilon", epsilon));

    /// <summary>A convolution of [1, channels, 1, time]: along time, with a height of 1, which the runtime lays out better than one without.</summary>
    /// <param name="kernel">[filters, channels / groups, 1, taps].</param>
    /// <param name="bias">[filters], or default for none.</param>
    public GraphValue ConvolutionAlongTime(GraphValue x, GraphValue kernel, GraphValue bias, int taps, int stride, int padBefore = 0, int padAfter = 0, int groups = 1) =>
        Node("Conv", bias.Name is null ? [x, kernel] : [x, kernel, bias], attribute =>
        {
            attribute.Integers("kernel_shape", [1, taps]);
            attribute.Integers("strides", [1, stride]);
            attribute.Integers("pads", [0, padBefore, 0, padAfter]);
            attribute.Integer("group", groups);
        });

    /// <summary>Each channel over all of time to mean 0 and deviation 1, then scaled and shifted; what a group norm of one channel a group is.</summary>
    public GraphValue InstanceNormalization(GraphValue x, GraphValue scale, GraphValue bias, float epsilon) =>
        Node("InstanceNormalization", [x, scale, bias], attribute => attribute.Number("epsilon", epsilon));

    /// <summary>Attention of many heads, q, k and v [1, time, width] already projected.</summary>
    /// <param name="bias">[1, heads, time, time], added to the scaled products before softmax; default for none.</param>
    public GraphValue MultiHeadAttention(GraphValue query, GraphValue key, GraphValue value, int heads, GraphValue bias = default) =>
        Node("MultiHeadAttention", bias.Name is null ? [query, key, value] : [query, key, value, default, default, bias], attribute => attribute.Integer("num_heads", heads), Microsoft);

    /// <summary>a b + bias, where a is coded by eight bits on its way and b is so already.</summary>
    /// <param name="b">[k, n], int8.</param>
    /// <param name="scale">[n].</param>
    public GraphValue QuantizedMatMul(GraphValue a, GraphValue b, GraphValue scale, GraphValue bias) => Node("DynamicQuantizeMatMul", [a, b, scale, default, bias], domain: Microsoft);

    public GraphValue Transpose(GraphValue x, params int[] axes) => Node("Transpose", [x], attribute => attribute.Integers("perm", axes));

    /// <summary>Another shape; 0 keeps an axis, -1 is what is left.</summary>
    public GraphValue Reshape(GraphValue x, params long[] shape) => Node("Reshape", [x, Integers("shape", shape)]);

    public GraphValue Unsqueeze(GraphValue x, params int[] axes) => Node("Unsqueeze", [x, Axes(axes)]);

    public GraphValue Squeeze(GraphValue x, params int[] axes) => Node("Squeeze", [x, Axes(axes)]);

    /// <summary>From first to, not including, end along an axis.</summary>
    public GraphValue Slice(GraphValue x, int axis, long first, long end) =>
        Node("Slice", [x, Integers("first", [first]), Integers("end", [end]), Axes(axis)]);

    /// <summary>The elements of x at places along an axis.</summary>
    public GraphValue Gather(GraphValue x, GraphValue places, int axis) => Node("Gather", [x, places], attribute => attribute.Integer("axis", axis));

    /// <summary>How long an axis is, a whole number without axes.</summary>
    public GraphValue Length(GraphValue x, int axis) => Squeeze(Node("Shape", [x], attribute =>
    {
        attribute.Integer("start", axis);
        attribute.Integer("end", axis + 1);
    }), 0);

    /// <summary>0, 1, … below a whole number.</summary>
    public GraphValue Range(GraphValue end) => Node("Range", [Integer("zero", 0), end, Integer("one", 1)]);

    /// <summary>Whole numbers, none below one bound or above another.</summary>
    public GraphValue Clamp(GraphValue x, long least, long most) => Node("Clip", [x, Integer("least", least), Integer("most", most)]);

    /// <summary>Whole numbers, moved by one.</summary>
    public GraphValue Shift(GraphValue x, long by) => Add(x, Integer("by", by));

    /// <summary>One number for all elements.</summary>
    public GraphValue Scale(GraphValue x, float factor) => Multiply(x, Constant(Unique("factor"), [factor]));

    /// <summary>One number for all elements.</summary>
    public GraphValue AddNumber(GraphValue x, float number) => Add(x, Constant(Unique("number"), [number]));

    private GraphValue ToFloat32(GraphValue x) => Node("Cast", [x], attribute => attribute.Integer("to", Float32));

    private GraphValue Axes(params int[] axes) => Integers("axes", [.. axes.Select(axis => (long)axis)]);

    private GraphValue Integers(string what, long[] values) => WholeNumbers(Unique(what), values, values.Length);

    private GraphValue Integer(string what, long value) => WholeNumbers(Unique(what), [value]);

    private string Unique(string what) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{what}_{named++}");
}
