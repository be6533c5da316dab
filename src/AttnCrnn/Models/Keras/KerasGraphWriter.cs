using System.Globalization;
using System.Text.Json.Nodes;

namespace AttnCrnn.Models.Keras;

/// <summary>Layers one after the other as Keras 3.15 writes them into config.json (serialize_keras_object and Functional.get_config).</summary>
internal sealed class KerasGraphWriter
{
    /// <summary>The layers so far.</summary>
    public JsonArray Layers { get; } = [];

    /// <summary>The name of the last layer.</summary>
    public string At { get; private set; } = "";

    /// <summary>What the last layer gives, [batch, …]; null where any size will do.</summary>
    public int?[] Shape { get; private set; } = [];

    /// <summary>The layer that the model begins with.</summary>
    public void Input(string name, int?[] shape)
    {
        var config = new JsonObject
        {
            ["batch_shape"] = Json(shape),
            ["dtype"] = "float32",
            ["sparse"] = false,
            ["ragged"] = false,
            ["name"] = name,
            ["optional"] = false,
        };
        Add("keras.layers", "InputLayer", name, null, config, null, []);
        (At, Shape) = (name, shape);
    }

    /// <summary>A layer after the last one.</summary>
    /// <param name="options">But for name, trainable and dtype.</param>
    /// <param name="shape">What it gives; null: what it takes.</param>
    /// <param name="isBuilt">Whether Keras keeps the shape that it was built for.</param>
    /// <param name="call">What Keras calls it with by keyword.</param>
    public void Layer(
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
            WithHead(name, options),
            isBuilt ? Json(Shape) : null,
            [Node([Tensor(At, Shape)], call)]
        );
        (At, Shape) = (name, shape ?? Shape);
    }

    /// <summary>A layer of a list of tensors of the last one's shape.</summary>
    public void CreateLayer(string className, string name, JsonObject options, params string[] inputs)
    {
        var built = new JsonArray([.. inputs.Select(_ => (JsonNode)Json(Shape))]);
        Add(
            "keras.layers",
            className,
            name,
            null,
            WithHead(name, options),
            built,
            [Node([new JsonArray([.. inputs.Select(input => (JsonNode)Tensor(input, Shape))])], null)]
        );
        At = name;
    }

    /// <summary>An operator after the last layer, as a call of keras.ops becomes.</summary>
    public void Operator(string module, string className, string name, JsonObject options)
    {
        var config = new JsonObject { ["name"] = name };
        foreach (var (key, value) in options)
            config[key] = value?.DeepClone();
        Add(module, className, name, className, config, null, [Node([Tensor(At, Shape)], null)]);
        At = name;
    }

    /// <summary>A layer inside another: without a name in the graph, and nothing that feeds it.</summary>
    public JsonObject Inner(string className, string name, JsonObject options) =>
        new()
        {
            ["module"] = "keras.layers",
            ["class_name"] = className,
            ["config"] = WithHead(name, options),
            ["registered_name"] = null,
            ["build_config"] = new JsonObject { ["input_shape"] = Json(Shape) },
        };

    /// <summary>How a tensor of weights begins, of which nothing is left once it is read.</summary>
    public static JsonObject Initializer(string className)
    {
        JsonObject config = className switch
        {
            "GlorotUniform" => new()
            {
                ["seed"] = null,
                ["input_axes"] = null,
                ["output_axes"] = null,
            },
            "Orthogonal" => new() { ["seed"] = null, ["gain"] = Real(1) },
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

    /// <summary>A real number as Python writes it: 1.0, and not 1.</summary>
    public static JsonNode Real(double value)
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
        JsonNode? built,
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
        if (built is not null)
            layer["build_config"] = new JsonObject { ["input_shape"] = built };
        layer["name"] = name;
        layer["inbound_nodes"] = nodes;
        Layers.Add((JsonNode)layer);
    }

    private static JsonObject WithHead(string name, JsonObject options)
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

    private static JsonObject Node(JsonArray arguments, JsonObject? call) =>
        new JsonObject { ["args"] = arguments, ["kwargs"] = call ?? [] };

    private static JsonObject Tensor(string name, int?[] shape) =>
        new()
        {
            ["class_name"] = "__keras_tensor__",
            ["config"] = new JsonObject
            {
                ["shape"] = Json(shape),
                ["dtype"] = "float32",
                ["keras_history"] = new JsonArray(name, 0, 0),
            },
        };

    private static JsonArray Json(int?[] shape) =>
        new([.. shape.Select(size => size is { } known ? JsonValue.Create(known) : null)]);
}
