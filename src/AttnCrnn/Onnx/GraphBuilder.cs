using System.Globalization;
using AttnCrnn.IO;

namespace AttnCrnn.Onnx;

/// <summary>
/// Builds an ONNX graph in the style of a forward pass: each method adds a node and returns its output.
/// Operators are those of the ONNX standard, opset 21 (onnx.ai/onnx/operators); message fields those of onnx.proto.
/// </summary>
/// <param name="name">Name of the graph.</param>
internal sealed partial class GraphBuilder(string name)
{
    private const int Opset = 21;
    private const int IrVersion = 10;
    private const int MicrosoftOpset = 1;
    private const string Microsoft = "com.microsoft";

    private readonly List<Action<ProtobufWriter>> nodes = [];
    private readonly List<Action<ProtobufWriter>> inputs = [];
    private readonly List<Action<ProtobufWriter>> outputs = [];
    private readonly List<Action<ProtobufWriter>> initializers = [];
    private readonly HashSet<string> tensorNames = [];
    private readonly List<(string Key, string Value)> metadata = [];
    private readonly ExternalWeights? external;
    private string version = "";
    private bool usesMicrosoftDomain;
    private int nameCount;

    /// <param name="external">External data file for large tensors; null: none.</param>
    internal GraphBuilder(string name, ExternalWeights? external)
        : this(name) => this.external = external;

    /// <summary>Name of the external data file; null: all tensors are in the model.</summary>
    internal string? WeightsFile => external?.Name;

    /// <summary>Adds a float32 input.</summary>
    public GraphValue Input(string input, params Axis[] shape) => Input(input, ElementType.Float32, shape);

    /// <summary>Adds an int64 input.</summary>
    public GraphValue Int64Input(string input, params Axis[] shape) => Input(input, ElementType.Int64, shape);

    /// <summary>Adds a float32 output with the given value.</summary>
    public void Output(string output, GraphValue value, params Axis[] shape)
    {
        nodes.Add(w => w.Message(1, node =>
            {
                node.Text(1, value.Name);
                node.Text(2, output);
                node.Text(4, "Identity");
            }));
        outputs.Add(w => w.Message(12, info => ValueInfo(info, output, ElementType.Float32, shape)));
    }

    /// <summary>Adds an entry to the model's metadata.</summary>
    public void Describe(string key, string value) => metadata.Add((key, value));

    /// <summary>Sets the version of the program that creates the model.</summary>
    public void SetProducer(string programVersion) => version = programVersion;

    /// <summary>Serializes the model as a .onnx file.</summary>
    public byte[] ToModel()
    {
        var model = new ProtobufWriter();
        model.Int(1, IrVersion);
        model.Text(2, "attn-crnn");
        if (version.Length > 0)
            model.Text(3, version);
        model.Message(7, graph =>
        {
            foreach (var write in nodes)
                write(graph);
            graph.Text(2, name);
            foreach (var write in initializers.Concat(inputs).Concat(outputs))
                write(graph);
        });
        OperatorSet(model, "", Opset);
        // Some runtimes support only the standard operators, and reject a model that merely declares another domain.
        if (usesMicrosoftDomain)
            OperatorSet(model, Microsoft, MicrosoftOpset);
        foreach (var (key, value) in metadata)
            model.Message(14, entry => Entry(entry, key, value));
        return model.ToArray();
    }

    private static void OperatorSet(ProtobufWriter model, string domain, int operators) => model.Message(8, opset =>
        {
            opset.Text(1, domain);
            opset.Int(2, operators);
        });

    private GraphValue Input(string input, ElementType type, Axis[] shape)
    {
        inputs.Add(w => w.Message(11, value => ValueInfo(value, input, type, shape)));
        return new GraphValue(input);
    }

    private GraphValue Node(
        string operation,
        GraphValue[] operands,
        Action<Attributes>? attributes = null,
        string domain = ""
    )
    {
        usesMicrosoftDomain |= domain == Microsoft;
        var output = string.Create(CultureInfo.InvariantCulture, $"{operation}_{nameCount++}");
        nodes.Add(w => w.Message(1, node =>
            {
                foreach (var value in operands)
                    node.Text(1, value.Name ?? ""); // an omitted optional input has an empty name
                node.Text(2, output);
                node.Text(4, operation);
                attributes?.Invoke(new Attributes(node));
                if (domain.Length > 0)
                    node.Text(7, domain);
            }));
        return new GraphValue(output);
    }

    private static void ValueInfo(ProtobufWriter value, string valueName, ElementType type, Axis[] shape)
    {
        value.Text(1, valueName);
        value.Message(2, typeProto => typeProto.Message(1, tensor =>
            {
                tensor.Int(1, (int)type);
                tensor.Message(2, dimensions =>
                {
                    for (var axis = 0; axis < shape.Length; axis++)
                    {
                        var size = shape[axis].Size;
                        var dynamicName = shape[axis].Name is { Length: > 0 } axisName
                            ? axisName
                            : $"{valueName}_{axis}";
                        dimensions.Message(1, dimension =>
                        {
                            if (size >= 0)
                                dimension.Int(1, size);
                            else
                                dimension.Text(2, dynamicName);
                        });
                    }
                });
            }));
    }

    /// <summary>A node's attributes: AttributeProto's name, value and type.</summary>
    private readonly struct Attributes(ProtobufWriter node)
    {
        private const int FloatType = 1;
        private const int IntType = 2;
        private const int StringType = 3;
        private const int IntsType = 7;

        public void Number(string key, float value) => Write(key, FloatType, attribute => attribute.Float(2, value));

        public void Integer(string key, long value) => Write(key, IntType, attribute => attribute.Int(3, value));

        public void Integers(string key, IReadOnlyList<int> values) => Write(key, IntsType, attribute =>
            {
                foreach (var value in values)
                    attribute.Int(8, value);
            });

        public void Text(string key, string value) => Write(key, StringType, attribute => attribute.Text(4, value));

        private void Write(string key, int type, Action<ProtobufWriter> value) => node.Message(5, attribute =>
            {
                attribute.Text(1, key);
                value(attribute);
                attribute.Int(20, type);
            });
    }
}
