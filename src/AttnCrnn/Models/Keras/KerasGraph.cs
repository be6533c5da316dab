using System.Text.Json;
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
    private const string Expected = "the graph of a model that Keras 3 saved";

    private readonly string file;

    private KerasGraph(string file) => this.file = file;

    /// <summary>The model's name.</summary>
    public string Name { get; private init; } = "";

    /// <summary>In topological order: every layer after its inputs.</summary>
    public IReadOnlyList<KerasLayer> Layers { get; private set; } = [];

    /// <summary>Names of the output layers.</summary>
    public IReadOnlyList<string> Outputs { get; private set; } = [];

    /// <summary>The compile configuration; undefined if the model was not compiled.</summary>
    public JsonElement Compilation { get; private init; }

    /// <param name="file">File name for error messages.</param>
    /// <param name="root">The root of config.json, which must outlive this object.</param>
    /// <exception cref="InvalidFileException">
    /// Not a Functional or Sequential model, an input layer does not exist, or the graph has a cycle.
    /// </exception>
    public static KerasGraph Parse(string file, JsonElement root)
    {
        var reader = new KerasGraphReader(file);
        var kind = reader.Text(root, "class_name");
        if (kind is not ("Functional" or "Model" or "Sequential"))
            throw new InvalidFileException(
                file,
                null,
                $"a model of the class {InputFile.Quote(kind)}",
                "a Functional model",
                Remedy
            );
        var config = reader.Object(root, "config");
        var graph = new KerasGraph(file)
        {
            Name = reader.Text(config, "name"),
            Compilation = root.TryGetProperty("compile_config", out var compiled) ? compiled : default,
        };
        var items = reader.Array(config, "layers");
        if (items.GetArrayLength() > MaxLayers)
            throw graph.Error($"{items.GetArrayLength()} layers", $"at most {MaxLayers}");
        var layers = reader.Layers(items, isSequence: kind == "Sequential");
        graph.Outputs =
            kind == "Sequential" ? [.. layers.TakeLast(1).Select(layer => layer.Name)] : reader.Outputs(config);
        graph.Layers = graph.SortTopologically(layers);
        return graph;
    }

    // Topological sort (Kahn 1962): repeatedly remove a layer whose inputs are all removed; what remains has a cycle.
    private List<KerasLayer> SortTopologically(IReadOnlyList<KerasLayer> layers)
    {
        var byName = new Dictionary<string, KerasLayer>(StringComparer.Ordinal);
        foreach (var layer in layers)
            if (!byName.TryAdd(layer.Name, layer))
                throw Error($"two layers named {InputFile.Quote(layer.Name)}", "one");
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
                ?? throw Error($"{layer} after {InputFile.Quote(input)}, which does not exist", Expected)
            ).Add(layer.Name);
        var ready = new Queue<string>(
            layers.Where(layer => pendingInputs[layer.Name] == 0).Select(layer => layer.Name)
        );
        var sorted = new List<KerasLayer>();
        while (ready.TryDequeue(out var name))
        {
            sorted.Add(byName[name]);
            foreach (var next in consumers[name])
                if (--pendingInputs[next] == 0)
                    ready.Enqueue(next);
        }
        return sorted.Count == layers.Count
            ? sorted
            : throw Error($"{layers.First(layer => pendingInputs[layer.Name] > 0)} in a cycle", Expected);
    }

    private InvalidFileException Error(string found, string expected) => new(file, null, found, expected, Remedy);
}
