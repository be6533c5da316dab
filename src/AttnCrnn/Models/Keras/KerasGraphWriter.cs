using System.Globalization;
using System.Text.Json.Nodes;

namespace AttnCrnn.Models.Keras;

/// <summary>
/// Writes a chain of layers as Keras 3.15 does in config.json (serialize_keras_object and Functional.get_config).
/// </summary>
internal sealed class KerasGraphWriter
{
    /// <summary>The layers so far.</summary>
    public JsonArray Layers { get; } = [];

    /// <summary>Name of the last layer.</summary>
    public string LastLayer { get; private set; } = "";

    /// <summary>Output shape of the last layer, [batch, …]; null: any size.</summary>
    public int?[] Shape { get; private set; } = [];

    /// <summary>Adds the input layer.</summary>
    public void AddInput(string name, int?[] shape)
    {
        var config = new JsonObject
        {
            ["batch_shape"] = CreateShape(shape),
            ["dtype"] = "float32",
            ["sparse"] = false,
            ["ragged"] = false,
            ["name"] = name,
            ["optional"] = false,
        };
        Add("keras.layers", "InputLayer", name, null, config, null, []);
        LastLayer = name;
        Shape = shape;
    }

    /// <summary>Adds a layer after the last one.</summary>
    /// <param name="options">All options except name, trainable and dtype.</param>
    /// <param name="shape">Output shape; null: the input shape.</param>
    /// <param name="isBuilt">Whether Keras stores the layer's build shape.</param>
    /// <param name="call">Keyword arguments of the call.</param>
    public void AddLayer(
        string className,
        string name,
        JsonObject options,
        int?[]? shape = null,
        bool isBuilt = true,
        JsonObject? call = null
    )
    {
        Add(
            "keras.layers",
            className,
            name,
            null,
            CreateConfig(name, options),
            isBuilt ? CreateShape(Shape) : null,
            [CreateNode([CreateTensor(LastLayer, Shape)], call)]
        );
        LastLayer = name;
        Shape = shape ?? Shape;
    }

    /// <summary>Adds a layer that takes a list of tensors of the last layer's shape.</summary>
    public void AddMergeLayer(string className, string name, JsonObject options, params string[] inputs) =>
        AddMergeLayer(className, name, options, Shape, inputs);

    /// <summary>Adds a layer that takes a list of tensors of the last layer's shape.</summary>
    /// <param name="shape">Output shape.</param>
    public void AddMergeLayer(
        string className,
        string name,
        JsonObject options,
        int?[] shape,
        params string[] inputs
    ) => AddMergeLayer(className, name, options, shape, [.. inputs.Select(input => (input, Shape))]);

    /// <summary>Adds a layer that takes a list of tensors.</summary>
    /// <param name="shape">Output shape.</param>
    /// <param name="inputs">Names and shapes of the tensors.</param>
    public void AddMergeLayer(
        string className,
        string name,
        JsonObject options,
        int?[] shape,
        params (string Name, int?[] Shape)[] inputs
    )
    {
        var buildShape = new JsonArray([.. inputs.Select(input => (JsonNode)CreateShape(input.Shape))]);
        Add(
            "keras.layers",
            className,
            name,
            null,
            CreateConfig(name, options),
            buildShape,
            [
                CreateNode(
                    [new JsonArray([.. inputs.Select(input => (JsonNode)CreateTensor(input.Name, input.Shape))])],
                    null
                ),
            ]
        );
        LastLayer = name;
        Shape = shape;
    }

    /// <summary>Adds an operator after the last layer, as a call of keras.ops is serialized.</summary>
    public void AddOperator(string module, string className, string name, JsonObject options) =>
        AddOperator(module, className, name, options, Shape, (LastLayer, Shape));

    /// <summary>Adds an operator on any tensors, as a call of keras.ops is serialized.</summary>
    /// <param name="shape">Output shape.</param>
    /// <param name="inputs">Names and shapes of the tensors.</param>
    public void AddOperator(
        string module,
        string className,
        string name,
        JsonObject options,
        int?[] shape,
        params ReadOnlySpan<(string Name, int?[] Shape)> inputs
    ) => AddOperator(module, className, name, options, shape, null, inputs);

    /// <summary>Adds an operator on tensors and a number, which is the last argument.</summary>
    public void AddOperator(
        string module,
        string className,
        string name,
        JsonObject options,
        int?[] shape,
        JsonNode? number,
        params ReadOnlySpan<(string Name, int?[] Shape)> inputs
    )
    {
        var config = new JsonObject { ["name"] = name };
        foreach (var (key, value) in options)
            config[key] = value?.DeepClone();
        var arguments = new JsonArray();
        foreach (var input in inputs)
            arguments.Add((JsonNode)CreateTensor(input.Name, input.Shape));
        if (number is not null)
            arguments.Add(number);
        Add(module, className, name, className, config, null, [CreateNode(arguments, null)]);
        LastLayer = name;
        Shape = shape;
    }

    /// <summary>Creates a layer nested in another: not named in the graph, and without inputs.</summary>
    public JsonObject CreateNestedLayer(string className, string name, JsonObject options) =>
        new()
        {
            ["module"] = "keras.layers",
            ["class_name"] = className,
            ["config"] = CreateConfig(name, options),
            ["registered_name"] = null,
            ["build_config"] = new JsonObject { ["input_shape"] = CreateShape(Shape) },
        };

    /// <summary>Creates a weight initializer; it has no effect, since weights are loaded.</summary>
    public static JsonObject CreateInitializer(string className)
    {
        JsonObject config = className switch
        {
            "GlorotUniform" => new()
            {
                ["seed"] = null,
                ["input_axes"] = null,
                ["output_axes"] = null,
            },
            "Orthogonal" => new()
            {
                ["seed"] = null,

                ["gain"] = CreateReal(1),
            },
            _ => [],
        };
        return new()
        {
            ["module"] = "keras.initializers",
            ["class_name"] = className,
            ["config"] = config,
            ["registered_name"] = null,
        };
    }

    /// <summary>Formats a float as Python does: 1.0, not 1.</summary>
    public static JsonNode CreateReal(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant();
        return JsonNode.Parse(text.AsSpan().ContainsAny('.', 'e') ? text : text + ".0")!;
    }

    private void Add(
        string module,
        string className,
        string name,
        string? registered,
        JsonObject config,
        JsonNode? buildShape,
        JsonArray nodes
    )
    {
        var layer = new JsonObject
        {
            ["module"] = module,
            ["class_name"] = className,
            ["config"] = config,
            ["registered_name"] = registered,
        };
        if (buildShape is not null)
            layer["build_config"] = new JsonObject { ["input_shape"] = buildShape };
        layer["name"] = name;
        layer["inbound_nodes"] = nodes;
        Layers.Add((JsonNode)layer);
    }

    private static JsonObject CreateConfig(string name, JsonObject options)
    {
        var config = new JsonObject
        {
            ["name"] = name,
            ["trainable"] = true,
            ["dtype"] = new JsonObject
            {
                ["module"] = "keras",
                ["class_name"] = "DTypePolicy",
                ["config"] = new JsonObject { ["name"] = "float32" },
                ["registered_name"] = null,
            },
        };
        foreach (var (key, value) in options)
            config[key] = value?.DeepClone();
        return config;
    }

    private static JsonObject CreateNode(JsonArray arguments, JsonObject? call) =>
        new()
        {
            ["args"] = arguments,

            ["kwargs"] = call ?? [],
        };

    private static JsonObject CreateTensor(string name, int?[] shape) =>
        new()
        {
            ["class_name"] = "__keras_tensor__",
            ["config"] = new JsonObject
            {
                ["shape"] = CreateShape(shape),
                ["dtype"] = "float32",
                ["keras_history"] = new JsonArray(name, 0, 0),
            },
        };

    private static JsonArray CreateShape(int?[] shape) =>
        new([.. shape.Select(size => size is { } length ? JsonValue.Create(length) : null)]);
}
