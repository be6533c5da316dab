using System.Globalization;
using System.Runtime.InteropServices;
using AttnCrnn.Formats;

namespace AttnCrnn.Onnx;

/// <summary>How a stored tensor's elements are coded, by ONNX' own numbers.</summary>
internal enum ElementType
{
    Float32 = 1,
    Float16 = 10,
    BFloat16 = 16,
}

/// <summary>A tensor within a graph that is being built, known by its name.</summary>
public readonly record struct GraphValue(string Name);

/// <summary>
/// An ONNX graph written down like a forward: each method adds a node and gives its output.
/// Operators are those of the ONNX standard, opset 21 (onnx.ai/onnx/operators); message fields those of onnx.proto.
/// </summary>
public sealed partial class GraphBuilder(string name)
{
    private const int Opset = 21;
    private const int IrVersion = 10;
    private const int MicrosoftOpset = 1;
    private const string Microsoft = "com.microsoft";
    private const int Float32 = 1, Int8 = 3, Int64 = 7;

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
    public GraphValue Constant(string constant, float[] values, params int[] shape) => Constant(constant, Float32, MemoryMarshal.AsBytes(values.AsSpan()).ToArray(), values.Length, shape);

    /// <summary>Whole numbers kept within the model: shapes, axes, places.</summary>
    public GraphValue WholeNumbers(string constant, long[] values, params int[] shape) => Constant(constant, Int64, MemoryMarshal.AsBytes(values.AsSpan()).ToArray(), values.Length, shape);

    /// <summary>Weights of eight bits kept within the model.</summary>
    public GraphValue Codes(string constant, sbyte[] values, params int[] shape) => Constant(constant, Int8, MemoryMarshal.AsBytes(values.AsSpan()).ToArray(), values.Length, shape);

    /// <summary>A tensor that stays in a file and is mapped from there; half-precision ones are made float32 within the graph.</summary>
    /// <param name="file">A name in the folder that the session is told of.</param>
    internal GraphValue Stored(string stored, ElementType type, string file, long offset, long bytes, params int[] shape)
    {
        initializers.Add(w => w.Message(5, tensor =>
        {
            foreach (var size in shape) tensor.Int(1, size);
            tensor.Int(2, (int)type);
            tensor.Text(8, stored);
            foreach (var (key, value) in new[] { ("location", file), ("offset", $"{offset}"), ("length", $"{bytes}") })
                tensor.Message(13, entry =>
                {
                    entry.Text(1, key);
                    entry.Text(2, value);
                });
            tensor.Int(14, 1); // the values are outside
        }));
        return type == ElementType.Float32 ? new GraphValue(stored) : ToFloat32(new GraphValue(stored));
    }

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
        model.Message(8, opset =>
        {
            opset.Text(1, Microsoft);
            opset.Int(2, MicrosoftOpset);
        });
        return model.ToArray();
    }

    private GraphValue Constant(string constant, int type, byte[] bytes, int count, int[] shape)
    {
        if (shape.Aggregate(1L, (product, size) => product * size) != count) throw new ArgumentException($"{constant}: {count} values for the shape [{string.Join(", ", shape)}]");
        initializers.Add(w => w.Message(5, tensor =>
        {
            foreach (var size in shape) tensor.Int(1, size);
            tensor.Int(2, type);
            tensor.Text(8, constant);
            tensor.Bytes(9, bytes);
        }));
        return new GraphValue(constant);
    }

    private GraphValue Node(string operation, GraphValue[] from, Action<Attributes>? attributes = null, string domain = "")
    {
        var output = string.Create(CultureInfo.InvariantCulture, $"{operation}_{named++}");
        nodes.Add(w => w.Message(1, node =>
        {
            foreach (var value in from) node.Text(1, value.Name ?? ""); // an input that is left out has no name
            node.Text(2, output);
            node.Text(4, operation);
            attributes?.Invoke(new Attributes(node));
            if (domain.Length > 0) node.Text(7, domain);
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
        private const int FloatType = 1, IntType = 2, StringType = 3, IntsType = 7;

        public void Number(string key, float value) => Write(key, FloatType, attribute => attribute.Float(2, value));

        public void Integer(string key, long value) => Write(key, IntType, attribute => attribute.Int(3, value));

        public void Integers(string key, IReadOnlyList<int> values) => Write(key, IntsType, attribute =>
        {
            foreach (var value in values) attribute.Int(8, value);
        });

        public void Word(string key, string value) => Write(key, StringType, attribute => attribute.Text(4, value));

        private void Write(string key, int type, Action<ProtobufWriter> value) => node.Message(5, attribute =>
        {
            attribute.Text(1, key);
            value(attribute);
            attribute.Int(20, type);
        });
    }
}
