using AttnCrnn.IO;

namespace AttnCrnn.Models.Keras;

/// <summary>
/// Reads how a layer is called, <c>inbound_nodes</c> of config.json, as Keras 3 and as Keras 2 write it
/// (keras/src/models/functional.py; keras/src/engine/functional.py of Keras 2.15).
/// </summary>
internal static class KerasNodes
{
    /// <summary>The layer's inputs, and its other call arguments.</summary>
    /// <exception cref="InvalidFileException">
    /// The layer is called more than once, or takes a tensor that is not the only output of its layer.
    /// </exception>
    public static (IReadOnlyList<string> Inputs, IReadOnlyList<string> Call) Read(string name, JsonCursor layer)
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
        if (nodes[0].IsArray)
            ReadKeras2(nodes[0], inputs, call);
        else
            ReadKeras3(nodes[0], inputs, call);
        return (inputs, call);
    }

    /// <summary>The name of a layer that is used once: <c>["dense_1", 0, 0]</c>.</summary>
    public static string ReadHistory(JsonCursor history) =>
        history.Count == 3 && FindLayer(history) is { } layer ? layer : throw CreateTensorError(history);

    // {"args": […], "kwargs": {…}}
    private static void ReadKeras3(JsonCursor node, List<string> inputs, List<string> call)
    {
        foreach (var (i, argument) in node.GetArray("args").Items.Index())
            if (!ReadTensors(argument, inputs))
                call.Add($"argument {i + 1} = {argument.FormatValue()}");
        foreach (var (option, value) in node.GetObject("kwargs").Fields)
            AddUnlessUnset(option, value, call);
    }

    // [["conv1d", 0, 0, {kwargs}], …]; of an operator ["attention", 0, 0, {"y": ["dropout", 0, 0], …}].
    private static void ReadKeras2(JsonCursor node, List<string> inputs, List<string> call)
    {
        var isOperator = node.Count > 0 && node[0].AsString() is not null;
        foreach (var reference in isOperator ? [node] : node.Items)
        {
            if (!reference.IsArray || reference.Count is not (3 or 4) || FindLayer(reference) is not { } layer)
                throw CreateTensorError(reference);
            inputs.Add(layer);
            if (reference.Count == 3)
                continue;
            foreach (
                var (option, value) in (
                    reference[3].IsObject ? reference[3] : throw CreateTensorError(reference)
                ).Fields
            )
                if (isOperator && IsReference(value))
                    inputs.Add(ReadHistory(value));
                else if (!isOperator || option != "name")
                    AddUnlessUnset(option, value, call);
        }
    }

    private static bool IsReference(JsonCursor value) =>
        value.IsArray && value.Count == 3 && value[0].AsString() is not null;

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

    // Keras 3.0 to 3.9 write arguments that are not set: "training": false, "mask": null, and for the masks of
    // Attention's query and value [null, null].
    private static void AddUnlessUnset(string option, JsonCursor value, List<string> call)
    {
        var isUnset =
            value.IsNull
            || value.AsBoolean() == false
            || value.IsArray && value.Count > 0 && value.Items.All(item => item.IsNull);
        if (!isUnset)
            call.Add($"{InputFile.Sanitize(option)} = {value.FormatValue()}");
    }

    // The layer of a reference to the only output of a layer that is used once; null for any other reference.
    private static string? FindLayer(JsonCursor reference) =>
        reference[0].AsString() is { } layer && reference[1].AsInt64() == 0 && reference[2].AsInt64() == 0
            ? layer
            : null;

    private static InvalidFileException CreateTensorError(JsonCursor reference) =>
        reference.Error(
            $"a tensor {reference.FormatValue()}",
            "the only output of a layer that is used once",
            KerasGraph.Remedy
        );
}
