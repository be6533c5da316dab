using System.Text.Json;
using AttnCrnn.IO;

namespace AttnCrnn.Models.Keras;

/// <summary>The layers of a model's config.json in the order in which data goes through them, and what each takes; nothing of what they mean.</summary>
internal sealed class KerasGraph
{
    /// <summary>What a user can do about a graph that does not fit.</summary>
    public const string Remedy =
        "only attention CRNNs of this program's kind can be used; docs/models.md lists their layers";

    private const int MaxLayers = 1000;
    private const string Expected = "the graph of a model that Keras 3 saved";

    private readonly string file;

    private KerasGraph(string file) => this.file = file;

    /// <summary>The model's own name.</summary>
    public string Name { get; private init; } = "";

    /// <summary>Every layer after those that it takes.</summary>
    public IReadOnlyList<KerasLayer> Layers { get; private set; } = [];

    /// <summary>The layers that give the model's outputs.</summary>
    public IReadOnlyList<string> Outputs { get; private set; } = [];

    /// <summary>How the model was compiled; undefined where it was not.</summary>
    public JsonElement Compilation { get; private init; }

    /// <param name="file">For messages.</param>
    /// <param name="root">The whole of config.json, which must live as long as this.</param>
    /// <exception cref="InvalidFileException">It is no Functional or Sequential model, a layer takes what is not there, or layers feed each other in a circle.</exception>
    public static KerasGraph Parse(string file, JsonElement root)
    {
        var reading = new KerasGraphReader(file);
        var kind = reading.Text(root, "class_name");
        if (kind is not ("Functional" or "Model" or "Sequential"))
            throw new InvalidFileException(
                file,
                null,
                $"a model of the class {InputFile.Quote(kind)}",
                "a Functional model",
                Remedy
            );
        var config = reading.Object(root, "config");
        var graph = new KerasGraph(file)
        {
            Name = reading.Text(config, "name"),
            Compilation = root.TryGetProperty("compile_config", out var compiled) ? compiled : default,
        };
        var items = reading.Array(config, "layers");
        if (items.GetArrayLength() > MaxLayers)
            throw graph.Error($"{items.GetArrayLength()} layers", $"at most {MaxLayers}");
        var layers = reading.Layers(items, isSequence: kind == "Sequential");
        graph.Outputs =
            kind == "Sequential" ? [.. layers.TakeLast(1).Select(layer => layer.Name)] : reading.Outputs(config);
        graph.Layers = graph.Sorted(layers);
        return graph;
    }

    // Kahn 1962: take away, again and again, a layer that waits for nothing; what cannot be taken waits for itself.
    private List<KerasLayer> Sorted(IReadOnlyList<KerasLayer> layers)
    {
        var byName = new Dictionary<string, KerasLayer>(StringComparer.Ordinal);
        foreach (var layer in layers)
            if (!byName.TryAdd(layer.Name, layer))
                throw Error($"two layers named {InputFile.Quote(layer.Name)}", "one");
        var waits = layers.ToDictionary(
            layer => layer.Name,
            layer => layer.Inputs.Distinct().Count(),
            StringComparer.Ordinal
        );
        var feeds = layers.ToDictionary(layer => layer.Name, _ => new List<string>(), StringComparer.Ordinal);
        foreach (var layer in layers)
        foreach (var input in layer.Inputs.Distinct())
            (
                feeds.GetValueOrDefault(input)
                ?? throw Error($"{layer} after {InputFile.Quote(input)}, which is not there", Expected)
            ).Add(layer.Name);
        var ready = new Queue<string>(layers.Where(layer => waits[layer.Name] == 0).Select(layer => layer.Name));
        var sorted = new List<KerasLayer>();
        while (ready.TryDequeue(out var name))
        {
            sorted.Add(byName[name]);
            foreach (var next in feeds[name])
                if (--waits[next] == 0)
                    ready.Enqueue(next);
        }
        return sorted.Count == layers.Count
            ? sorted
            : throw Error(
                $"{layers.First(layer => waits[layer.Name] > 0)} in a circle of layers that feed each other",
                Expected
            );
    }

    private InvalidFileException Error(string found, string expected) => new(file, null, found, expected, Remedy);
}
