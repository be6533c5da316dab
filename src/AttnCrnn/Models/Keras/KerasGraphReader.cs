using System.Text.Json;
using System.Text.RegularExpressions;
using AttnCrnn.IO;

namespace AttnCrnn.Models.Keras;

/// <summary>
/// Reads the parts of a model's config.json (keras/src/models/functional.py and keras/src/saving/serialization_lib.py).
/// </summary>
internal sealed partial class KerasGraphReader(string file)
{
    private const string Remedy = "save the model again with model.save('NAME.keras')";

    /// <summary>Reads the layers in file order.</summary>
    /// <param name="isSequence">Whether each layer takes the previous one implicitly (Sequential).</param>
    public IReadOnlyList<KerasLayer> Layers(JsonElement items, bool isSequence)
    {
        var layers = new List<KerasLayer>();
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in items.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object)
                throw Error("a layer that is not an object", "an object");
            var (className, isOperator) = Class(item);
            var config = Object(item, "config");
            var name =
                isSequence || isOperator && !item.TryGetProperty("name", out _)
                    ? Text(config, "name")
                    : Text(item, "name");
            var (inputs, call) = isSequence
                ? ([.. layers.TakeLast(1).Select(previous => previous.Name)], [])
                : Node(name, item);
            layers.Add(
                new(name, className, isOperator, isOperator ? "" : Folder(className, counts), config, inputs, call)
            );
        }
        return layers;
    }

    /// <summary>Names of the output layers: <c>["dense_1", 0, 0]</c>, or a list of such.</summary>
    public IReadOnlyList<string> Outputs(JsonElement config)
    {
        var outputs = Array(config, "output_layers");
        JsonElement[] items =
            outputs.GetArrayLength() == 3 && outputs[0].ValueKind == JsonValueKind.String
                ? [outputs]
                : [.. outputs.EnumerateArray()];
        return
        [
            .. items.Select(item =>
                item.ValueKind == JsonValueKind.Array
                    ? History(item)
                    : throw Error($"output_layers {Show(outputs)}", "layer names")
            ),
        ];
    }

    public string Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw Missing(name, "a string");

    public JsonElement Object(JsonElement element, string name) => Value(element, name, JsonValueKind.Object);

    public JsonElement Array(JsonElement element, string name) => Value(element, name, JsonValueKind.Array);

    /// <summary>Formats a value for an error message.</summary>
    public static string Show(JsonElement value)
    {
        var text = value.GetRawText();
        var quoted = InputFile.Quote(text.Length > 60 ? text[..60] : text)[1..^1];
        return text.Length > 60 ? quoted + "…" : quoted;
    }

    private JsonElement Value(JsonElement element, string name, JsonValueKind kind) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out var value)
        && value.ValueKind == kind
            ? value
            : throw Missing(name, kind == JsonValueKind.Array ? "a list" : "an object");

    // Keras' own layers have the module keras.layers and no registered name; its operators live in keras.src.ops and
    // register themselves by their class.
    private (string Name, bool IsOperator) Class(JsonElement layer)
    {
        var name = Text(layer, "class_name");
        var module =
            layer.TryGetProperty("module", out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()!
                : "";
        if (module is "keras.layers" || module.StartsWith("keras.src.layers.", StringComparison.Ordinal))
            return (name, false);
        if (module.StartsWith("keras.src.ops.", StringComparison.Ordinal))
            return (name, true);
        var registered =
            layer.TryGetProperty("registered_name", out var other) && other.ValueKind == JsonValueKind.String
                ? other.GetString()!
                : $"{module}.{name}";
        return (registered == name ? $"{module}.{name}" : registered, false);
    }

    // saving_lib names a layer's group after its class, numbered in model order: conv1d, conv1d_1, …
    private static string Folder(string className, Dictionary<string, int> counts)
    {
        var snake = Boundary()
            .Replace(WordStart().Replace(NonWord().Replace(className, ""), "$1_$2"), "$1_$2")
            .ToLowerInvariant();
        var count = counts.TryGetValue(snake, out var previous) ? previous + 1 : 0;
        counts[snake] = count;
        return $"layers/{snake}{(count == 0 ? "" : $"_{count}")}";
    }

    private (IReadOnlyList<string> Inputs, IReadOnlyList<string> Call) Node(string name, JsonElement layer)
    {
        var nodes = Array(layer, "inbound_nodes");
        if (nodes.GetArrayLength() == 0)
            return ([], []);
        if (nodes.GetArrayLength() > 1)
            throw new InvalidFileException(
                file,
                null,
                $"layer {InputFile.Quote(name)} used {nodes.GetArrayLength()} times",
                "every layer once",
                KerasGraph.Remedy
            );
        var (inputs, call) = (new List<string>(), new List<string>());
        var arguments = Array(nodes[0], "args");
        for (var i = 0; i < arguments.GetArrayLength(); i++)
            if (!TakeTensors(arguments[i], inputs))
                call.Add($"argument {i + 1} = {Show(arguments[i])}");
        foreach (var option in Object(nodes[0], "kwargs").EnumerateObject())
            if (option.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.False))
                call.Add($"{InputFile.Quote(option.Name)[1..^1]} = {Show(option.Value)}");
        return (inputs, call);
    }

    // Adds a tensor or a list of tensors; null adds nothing. False if the value is anything else.
    private bool TakeTensors(JsonElement value, List<string> inputs)
    {
        if (value.ValueKind == JsonValueKind.Null)
            return true;
        JsonElement[] items = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        foreach (var item in items)
        {
            if (
                item.ValueKind != JsonValueKind.Object
                || !item.TryGetProperty("class_name", out var kind)
                || kind.ValueKind != JsonValueKind.String
                || !kind.ValueEquals("__keras_tensor__")
            )
                return false;
            inputs.Add(History(Array(Object(item, "config"), "keras_history")));
        }
        return items.Length > 0;
    }

    private string History(JsonElement history) =>
        history.GetArrayLength() == 3
        && history[0].ValueKind == JsonValueKind.String
        && IsZero(history[1])
        && IsZero(history[2])
            ? history[0].GetString()!
            : throw new InvalidFileException(
                file,
                null,
                $"a tensor {Show(history)}",
                "the only output of a layer that is used once",
                KerasGraph.Remedy
            );

    private static bool IsZero(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number == 0;

    private InvalidFileException Missing(string name, string expected) => Error($"no {name}", expected);

    private InvalidFileException Error(string found, string expected) => new(file, null, found, expected, Remedy);

    [GeneratedRegex(@"\W+")]
    private static partial Regex NonWord();

    [GeneratedRegex("(.)([A-Z][a-z]+)")]
    private static partial Regex WordStart();

    [GeneratedRegex("([a-z])([A-Z])")]
    private static partial Regex Boundary();
}
