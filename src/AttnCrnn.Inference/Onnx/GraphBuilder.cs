using System.Globalization;
using AttnCrnn.IO;

namespace AttnCrnn.Onnx;

/// <summary>
/// Builds an ONNX graph in the style of a forward pass: each method adds a node and returns its output.
/// Operators are defined by the ONNX standard, opset 21 (onnx.ai/onnx/operators), message fields by onnx.proto.
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
    public GraphValue AddInput(string input, params Axis[] shape) => AddInput(input, ElementType.Float32, shape);

    /// <summary>Adds an int64 input.</summary>
    public GraphValue AddInt64Input(string input, params Axis[] shape) => AddInput(input, ElementType.Int64, shape);

    /// <summary>Adds a float32 output with the given value.</summary>
    public void AddOutput(string output, GraphValue value, params Axis[] shape)
    {
        nodes.Add(w => w.WriteMessage(1, node =>
            {
                node.WriteText(1, value.Name);
                node.WriteText(2, output);
                node.WriteText(4, "Identity");
            }));
        outputs.Add(w => w.WriteMessage(12, info => WriteValueInfo(info, output, ElementType.Float32, shape)));
    }

    /// <summary>Adds an entry to the model's metadata.</summary>
    public void AddMetadata(string key, string value) => metadata.Add((key, value));

    /// <summary>Sets the version of the program that creates the model.</summary>
    public void SetProducer(string programVersion) => version = programVersion;

    /// <summary>Serializes the model as a .onnx file.</summary>
    public byte[] ToModel()
    {
        var model = new ProtobufWriter();
        model.WriteInt(1, IrVersion);
        model.WriteText(2, "attn-crnn");
        if (version.Length > 0)
            model.WriteText(3, version);
        model.WriteMessage(7, graph =>
        {
            foreach (var write in nodes)
                write(graph);
            graph.WriteText(2, name);
            foreach (var write in initializers.Concat(inputs).Concat(outputs))
                write(graph);
        });
        WriteOperatorSet(model, "", Opset);
        // Some runtimes support only the standard operators, and reject a model that merely declares another domain.
        if (usesMicrosoftDomain)
            WriteOperatorSet(model, Microsoft, MicrosoftOpset);
        foreach (var (key, value) in metadata)
            model.WriteMessage(14, entry => WriteEntry(entry, key, value));
        return model.ToArray();
    }

    private static void WriteOperatorSet(ProtobufWriter model, string domain, int operators) =>
        model.WriteMessage(8, opset =>
        {
            opset.WriteText(1, domain);
            opset.WriteInt(2, operators);
        });

    private GraphValue AddInput(string input, ElementType type, Axis[] shape)
    {
        inputs.Add(w => w.WriteMessage(11, value => WriteValueInfo(value, input, type, shape)));
        return new GraphValue(input);
    }

    private GraphValue AddNode(
        string operation,
        GraphValue[] operands,
        Action<Attributes>? attributes = null,
        string domain = ""
    )
    {
        usesMicrosoftDomain |= domain == Microsoft;
        var output = string.Create(CultureInfo.InvariantCulture, $"{operation}_{nameCount++}");
        nodes.Add(w => w.WriteMessage(1, node =>
            {
                foreach (var value in operands)
                    node.WriteText(1, value.Name ?? ""); // an omitted optional input has an empty name
                node.WriteText(2, output);
                node.WriteText(4, operation);
                attributes?.Invoke(new Attributes(node));
                if (domain.Length > 0)
                    node.WriteText(7, domain);
            }));
        return new GraphValue(output);
    }

    private static void WriteValueInfo(ProtobufWriter value, string valueName, ElementType type, Axis[] shape)
    {
        value.WriteText(1, valueName);
        value.WriteMessage(2, typeProto => typeProto.WriteMessage(1, tensor =>
            {
                tensor.WriteInt(1, (int)type);
                tensor.WriteMessage(2, dimensions =>
                {
                    for (var axis = 0; axis < shape.Length; axis++)
                    {
                        var size = shape[axis].Size;
                        var dynamicName = shape[axis].Name is { Length: > 0 } axisName
                            ? axisName
                            : $"{valueName}_{axis}";
                        dimensions.WriteMessage(1, dimension =>
                        {
                            if (size >= 0)
                                dimension.WriteInt(1, size);
                            else
                                dimension.WriteText(2, dynamicName);
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

        public void AddFloat(string key, float value) =>
            Write(key, FloatType, attribute => attribute.WriteFloat(2, value));

        public void AddInteger(string key, long value) =>
            Write(key, IntType, attribute => attribute.WriteInt(3, value));

        public void AddIntegers(string key, IReadOnlyList<int> values) => Write(key, IntsType, attribute =>
            {
                foreach (var value in values)
                    attribute.WriteInt(8, value);
            });

        public void AddText(string key, string value) =>
            Write(key, StringType, attribute => attribute.WriteText(4, value));

        private void Write(string key, int type, Action<ProtobufWriter> value) => node.WriteMessage(5, attribute =>
            {
                attribute.WriteText(1, key);
                value(attribute);
                attribute.WriteInt(20, type);
            });
    }
}
