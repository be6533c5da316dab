using System.Text.RegularExpressions;
using AttnCrnn.IO;

namespace AttnCrnn.Models.Keras;

/// <summary>
/// Reads the parts of a model's config.json (keras/src/models/functional.py and keras/src/saving/serialization_lib.py).
/// </summary>
internal static partial class KerasGraphReader
{
    /// <summary>Reads the layers in file order.</summary>
    /// <param name="isSequence">Whether each layer takes the previous one implicitly (Sequential).</param>
    public static IReadOnlyList<KerasLayer> ReadLayers(JsonCursor items, bool isSequence)
    {
        var layers = new List<KerasLayer>();
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in items.Items)
        {
            var (className, isOperator) = ReadClassName(item);
            var config = item.GetObject("config");
            var name =
                isSequence || isOperator && item.Find("name") is null
                    ? config.GetString("name")
                    : item.GetString("name");
            var (inputs, call) = isSequence
                ? ([.. layers.TakeLast(1).Select(previous => previous.Name)], [])
                : ReadNode(name, item);
            layers.Add(
                new(
                    name,
                    className,
                    isOperator,
                    isOperator ? "" : CreateFolderName(className, counts),
                    config,
                    inputs,
                    call
                )
            );
        }
        return layers;
    }

    /// <summary>Names of the output layers: <c>["dense_1", 0, 0]</c>, or a list of such.</summary>
    public static IReadOnlyList<string> ReadOutputs(JsonCursor outputs)
    {
        IEnumerable<JsonCursor> items =
            outputs.Count == 3 && outputs[0].AsString() is not null ? [outputs] : outputs.Items;
        return [.. items.Select(item => item.IsArray ? ReadHistory(item) : throw outputs.Unexpected("layer names"))];
    }

    // Keras' own layers have the module keras.layers and no registered name; its operators live in keras.src.ops and
    // register themselves by their class.
    private static (string Name, bool IsOperator) ReadClassName(JsonCursor layer)
    {
        var name = layer.GetString("class_name");
        var module = layer.Find("module")?.AsString() ?? "";
        if (module is "keras.layers" || module.StartsWith("keras.src.layers.", StringComparison.Ordinal))
            return (name, false);
        if (module.StartsWith("keras.src.ops.", StringComparison.Ordinal))
            return (name, true);
        var registered = layer.Find("registered_name")?.AsString() ?? $"{module}.{name}";
        return (registered == name ? $"{module}.{name}" : registered, false);
    }

    // saving_lib names a layer's group after its class, numbered in model order: conv1d, conv1d_1, …
    private static string CreateFolderName(string className, Dictionary<string, int> counts)
    {
        var snake = WordBoundaryPattern()
            .Replace(WordStartPattern().Replace(NonWordPattern().Replace(className, ""), "$1_$2"), "$1_$2")
            .ToLowerInvariant();
        var count = counts.TryGetValue(snake, out var previous) ? previous + 1 : 0;
        counts[snake] = count;
        return $"layers/{snake}{(count == 0 ? "" : $"_{count}")}";
    }

    private static (IReadOnlyList<string> Inputs, IReadOnlyList<string> Call) ReadNode(string name, JsonCursor layer)
    {
        var nodes = layer.GetArray("inbound_nodes");
        if (nodes.Count == 0)
            return ([], []);
        if (nodes.Count > 1)
            throw nodes.Error(
                $"layer {InputFile.Quote(name)} used {nodes.Count} times",
                "every layer once",
                KerasGraph.Remedy
            );
        var inputs = new List<string>();
        var call = new List<string>();
        foreach (var (i, argument) in nodes[0].GetArray("args").Items.Index())
            if (!ReadTensors(argument, inputs))
                call.Add($"argument {i + 1} = {argument.FormatValue()}");
        foreach (var (option, value) in nodes[0].GetObject("kwargs").Fields)
            if (!value.IsNull && value.AsBoolean() != false)
                call.Add($"{InputFile.Quote(option)[1..^1]} = {value.FormatValue()}");
        return (inputs, call);
    }

    // Adds a tensor or a list of tensors; null adds nothing. False if the value is anything else.
    private static bool ReadTensors(JsonCursor value, List<string> inputs)
    {
        if (value.IsNull)
            return true;
        JsonCursor[] items = value.IsArray ? [.. value.Items] : [value];
        foreach (var item in items)
        {
            if (item.Find("class_name")?.AsString() != "__keras_tensor__")
                return false;
            inputs.Add(ReadHistory(item.GetObject("config").GetArray("keras_history")));
        }
        return items.Length > 0;
    }

    private static string ReadHistory(JsonCursor history) =>
        history.Count == 3
        && history[0].AsString() is { } layer
        && history[1].AsInt64() == 0
        && history[2].AsInt64() == 0
            ? layer
            : throw history.Error(
                $"a tensor {history.FormatValue()}",
                "the only output of a layer that is used once",
                KerasGraph.Remedy
            );

    [GeneratedRegex(@"\W+")]
    private static partial Regex NonWordPattern();

    [GeneratedRegex("(.)([A-Z][a-z]+)")]
    private static partial Regex WordStartPattern();

    [GeneratedRegex("([a-z])([A-Z])")]
    private static partial Regex WordBoundaryPattern();
}
