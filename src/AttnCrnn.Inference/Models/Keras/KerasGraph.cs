using AttnCrnn.IO;

namespace AttnCrnn.Models.Keras;

/// <summary>
/// The layers of a model's config.json in topological order, with their inputs; does not interpret them.
/// </summary>
internal sealed class KerasGraph
{
    /// <summary>Remedy for a graph of a different network.</summary>
    public const string Remedy = "only this program's attention CRNNs are supported; docs/models.md lists their layers";

    private const int MaxLayers = 1000;
    private const string Expected = "the graph of a model that Keras saved";

    private static readonly string[] ModelKeys =
    [
        "module",
        "class_name",
        "config",
        "registered_name",
        "build_config",
        "compile_config",
        "shared_object_id",
    ];

    // The last two are of Sequential models.
    private static readonly string[] NetworkKeys =
    [
        "name",
        "trainable",
        "dtype",
        "layers",
        "input_layers",
        "output_layers",
        "build_input_shape",
        "batch_input_shape",
    ];

    private readonly JsonCursor json;

    private KerasGraph(JsonCursor json) => this.json = json;

    /// <summary>The model's name.</summary>
    public string Name { get; private init; } = "";

    /// <summary>In topological order: every layer after its inputs.</summary>
    public IReadOnlyList<KerasLayer> Layers { get; private set; } = [];

    /// <summary>Names of the output layers.</summary>
    public IReadOnlyList<string> Outputs { get; private set; } = [];

    /// <summary>The compile configuration; null if the model was not compiled.</summary>
    public JsonCursor? Compilation { get; private init; }

    /// <param name="file">File name for error messages.</param>
    /// <param name="config">The text of config.json.</param>
    /// <exception cref="InvalidFileException">
    /// Not a Functional or Sequential model, an input layer does not exist, or the graph has a cycle.
    /// </exception>
    public static KerasGraph Parse(string file, byte[] config)
    {
        const string remedy = "download the file again, or save the model again with model.save('NAME.keras')";
        var json = new JsonSource(file, Expected, remedy).Parse(config);
        var className = json.GetString("class_name");
        if (className is not ("Functional" or "Model" or "Sequential"))
            throw json.Error($"a model of the class {InputFile.Quote(className)}", "a Functional model", Remedy);
        var model = json.GetObject("config");
        KerasGraphReader.RequireKnownKeys(json, "a model", ModelKeys);
        KerasGraphReader.RequireKnownKeys(model, "a model", NetworkKeys);
        var graph = new KerasGraph(json)
        {
            Name = model.GetString("name"),

            Compilation = json.Find("compile_config"),
        };
        var items = model.GetArray("layers");
        if (items.Count > MaxLayers)
            throw graph.CreateError($"{items.Count} layers", $"at most {MaxLayers}");
        var layers = KerasGraphReader.ReadLayers(items, isSequence: className == "Sequential");
        graph.Outputs =
            className == "Sequential"
                ? [.. layers.TakeLast(1).Select(layer => layer.Name)]
                : KerasGraphReader.ReadOutputs(model.GetArray("output_layers"));
        graph.Layers = graph.SortTopologically(layers);
        return graph;
    }

    // Topological sort (Kahn 1962): repeatedly remove a layer whose inputs are all removed; what remains has a cycle.
    private List<KerasLayer> SortTopologically(IReadOnlyList<KerasLayer> layers)
    {
        var byName = new Dictionary<string, KerasLayer>(StringComparer.Ordinal);
        foreach (var layer in layers)
            if (!byName.TryAdd(layer.Name, layer))
                throw CreateError($"two layers named {InputFile.Quote(layer.Name)}", "one");
        var pendingInputs = layers.ToDictionary(
            layer => layer.Name,
            layer => layer.Inputs.Distinct().Count(),
            StringComparer.Ordinal
        );
        var consumers = layers.ToDictionary(layer => layer.Name, _ => new List<string>(), StringComparer.Ordinal);
        foreach (var layer in layers)
        foreach (var input in layer.Inputs.Distinct())
            (
                consumers.GetValueOrDefault(input)
                ?? throw CreateError($"{layer} after {InputFile.Quote(input)}, which does not exist", Expected)
            ).Add(layer.Name);
        var readyLayers = new Queue<string>(
            layers.Where(layer => pendingInputs[layer.Name] == 0).Select(layer => layer.Name)
        );
        var sorted = new List<KerasLayer>();
        while (readyLayers.TryDequeue(out var name))
        {
            sorted.Add(byName[name]);
            foreach (var consumer in consumers[name])
                if (--pendingInputs[consumer] == 0)
                    readyLayers.Enqueue(consumer);
        }
        return sorted.Count == layers.Count
            ? sorted
            : throw CreateError($"{layers.First(layer => pendingInputs[layer.Name] > 0)} in a cycle", Expected);
    }

    private InvalidFileException CreateError(string found, string expected) => json.Error(found, expected, Remedy);
}
