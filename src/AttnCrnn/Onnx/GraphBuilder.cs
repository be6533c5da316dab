using System.Globalization;
using System.Runtime.InteropServices;
using AttnCrnn.Formats;

namespace AttnCrnn.Onnx;

/// <summary>A tensor within a graph that is being built, known by its name.</summary>
public readonly record struct GraphValue(string Name);

/// <summary>
/// An ONNX graph written down like a forward: each method adds a node and gives its output.
/// Operators are those of the ONNX standard, opset 21 (onnx.ai/onnx/operators); message fields those of onnx.proto.
/// </summary>
public sealed class GraphBuilder(string name)
{
    private const int Opset = 21;
    private const int IrVersion = 10;
    private const int Float32 = 1;

    private readonly List<Action<ProtobufWriter>> nodes = [];
    private readonly List<Action<ProtobufWriter>> inputs = [];
    private readonly List<Action<ProtobufWriter>> outputs = [];
    private readonly List<Action<ProtobufWriter>> initializers = [];
    private int named;

    /// <summary>An input of float32; a negative dimension is free.</summary>
    public GraphValue Input(string input, params int[] shape)
    {
        inputs.Add(w => w.Message(11, value => ValueInfo(value, input, shape)));
        return new GraphValue(input);
    }

    /// <summary>A tensor of weights, float32, kept within the model.</summary>
    /// <exception cref="ArgumentException">The values do not fill the shape.</exception>
    public GraphValue Constant(string constant, float[] values, params int[] shape)
    {
        if (shape.Aggregate(1L, (product, size) => product * size) != values.Length)
        {
            throw new ArgumentException($"{constant}: {values.Length} values for the shape [{string.Join(", ", shape)}]");
        }
        initializers.Add(w => w.Message(5, tensor =>
        {
            foreach (var size in shape) tensor.Int(1, size);
            tensor.Int(2, Float32);
            tensor.Text(8, constant);
            tensor.Bytes(9, MemoryMarshal.AsBytes(values.AsSpan()));
        }));
        return new GraphValue(constant);
    }

    /// <summary>a b over the last two axes.</summary>
    public GraphValue MatMul(GraphValue a, GraphValue b) => Node("MatMul", [a, b]);

    /// <summary>a b + bias, a [rows, k]; b [k, n], or [n, k] when <paramref name="transposeB"/>.</summary>
    public GraphValue Gemm(GraphValue a, GraphValue b, GraphValue bias, bool transposeB = false) =>
        Node("Gemm", [a, b, bias], attribute => attribute.Integer("transB", transposeB ? 1 : 0));

    public GraphValue Add(GraphValue a, GraphValue b) => Node("Add", [a, b]);

    public GraphValue Relu(GraphValue x) => Node("Relu", [x]);

    /// <summary>The exact form, by the error function.</summary>
    public GraphValue Gelu(GraphValue x) => Node("Gelu", [x], attribute => attribute.Word("approximate", "none"));

    public GraphValue Softmax(GraphValue x, int axis = -1) => Node("Softmax", [x], attribute => attribute.Integer("axis", axis));

    public GraphValue LayerNormalization(GraphValue x, GraphValue scale, GraphValue bias, float epsilon) =>
        Node("LayerNormalization", [x, scale, bias], attribute => attribute.Number("epsilon", epsilon));

    /// <summary>Names a value as an output of the graph, float32; a negative dimension is free.</summary>
    public void Output(string output, GraphValue value, params int[] shape)
    {
        nodes.Add(w => w.Message(1, node =>
        {
            node.Text(1, value.Name);
            node.Text(2, output);
            node.Text(4, "Identity");
        }));
        outputs.Add(w => w.Message(12, info => ValueInfo(info, output, shape)));
    }

    /// <summary>The model's bytes, as a .onnx file holds them.</summary>
    public byte[] ToModel()
    {
        var model = new ProtobufWriter();
        model.Int(1, IrVersion);
        model.Text(2, "attn-crnn");
        model.Message(7, graph =>
        {
            foreach (var write in nodes) write(graph);
            graph.Text(2, name);
            foreach (var write in initializers.Concat(inputs).Concat(outputs)) write(graph);
        });
        model.Message(8, opset =>
        {
            opset.Text(1, "");
            opset.Int(2, Opset);
        });
        return model.ToArray();
    }

    private GraphValue Node(string operation, GraphValue[] from, Action<Attributes>? attributes = null)
    {
        var output = string.Create(CultureInfo.InvariantCulture, $"{operation}_{named++}");
        nodes.Add(w => w.Message(1, node =>
        {
            foreach (var value in from) node.Text(1, value.Name);
            node.Text(2, output);
            node.Text(4, operation);
            attributes?.Invoke(new Attributes(node));
        }));
        return new GraphValue(output);
    }

    private static void ValueInfo(ProtobufWriter value, string valueName, int[] shape)
    {
        value.Text(1, valueName);
        value.Message(2, type => type.Message(1, tensor =>
        {
            tensor.Int(1, Float32);
            tensor.Message(2, dimensions =>
            {
                for (var axis = 0; axis < shape.Length; axis++)
                {
                    var (size, free) = (shape[axis], $"{valueName}_{axis}");
                    dimensions.Message(1, dimension =>
                    {
                        if (size >= 0) dimension.Int(1, size);
                        else dimension.Text(2, free);
                    });
                }
            });
        }));
    }

    /// <summary>A node's settings: AttributeProto's name, value and type.</summary>
    private readonly struct Attributes(ProtobufWriter node)
    {
        private const int FloatType = 1, IntType = 2, StringType = 3;

        public void Number(string key, float value) => Write(key, FloatType, attribute => attribute.Float(2, value));

        public void Integer(string key, long value) => Write(key, IntType, attribute => attribute.Int(3, value));

        public void Word(string key, string value) => Write(key, StringType, attribute => attribute.Text(4, value));

        private void Write(string key, int type, Action<ProtobufWriter> value) => node.Message(5, attribute =>
        {
            attribute.Text(1, key);
            value(attribute);
            attribute.Int(20, type);
        });
    }
}
