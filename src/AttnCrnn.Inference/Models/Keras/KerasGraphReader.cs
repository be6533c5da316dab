using System.Text.RegularExpressions;
using AttnCrnn.IO;

namespace AttnCrnn.Models.Keras;

/// <summary>
/// Reads the layers of a model's config.json (keras/src/models/functional.py and
/// keras/src/saving/serialization_lib.py), and of Keras 2's, in which a layer may have no module,
/// and of HDF5 files, in which it never has.
/// </summary>
internal static partial class KerasGraphReader
{
    private const string FunctionOperator = "TFOpLambda";

    private static readonly string[] LayerKeys =
    [
        "module",
        "class_name",
        "config",
        "registered_name",
        "build_config",
        "name",
        "inbound_nodes",
        "shared_object_id",
    ];

    /// <summary>Reads the layers in file order.</summary>
    /// <param name="isSequence">Whether each layer takes the previous one implicitly (Sequential).</param>
    public static IReadOnlyList<KerasLayer> ReadLayers(JsonCursor items, bool isSequence)
    {
        var layers = new List<KerasLayer>();
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in items.Items)
        {
            RequireKnownKeys(item, "a layer", LayerKeys);
            var (className, isOperator) = ReadClassName(item);
            var config = item.GetObject("config");
            var name =
                isSequence || isOperator && item.Find("name") is null
                    ? config.GetString("name")
                    : item.GetString("name");
            var (inputs, call) = isSequence
                ? ([.. layers.TakeLast(1).Select(previous => previous.Name)], [])
                : KerasNodes.Read(name, item);
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
        return
        [
            .. items.Select(item =>
                item.IsArray ? KerasNodes.ReadHistory(item) : throw outputs.Unexpected("layer names")
            ),
        ];
    }

    /// <summary>
    /// Requires that keys that are not known are off: what a later version adds may change what is computed.
    /// </summary>
    /// <param name="description">What has the keys, for messages.</param>
    /// <exception cref="InvalidFileException">A key is not known, and its value is not off.</exception>
    public static void RequireKnownKeys(JsonCursor cursor, string description, params string[] supportedKeys)
    {
        foreach (var (key, value) in cursor.Fields)
            if (!supportedKeys.Contains(key) && !KerasOptions.IsDisabled(value))
                throw value.Error(
                    $"{description} with the key {InputFile.Quote(key)} {value.FormatValue()}",
                    $"only {string.Join(", ", supportedKeys)}",
                    KerasGraph.Remedy
                );
    }

    // Keras' own layers have the module keras.layers and no registered name; its operators live in keras.src.ops and
    // register themselves by their class. Without a module (Keras 2.12, and HDF5 files) the class name alone counts: a
    // registered class has its package in it, as in Custom>Conv1D.
    private static (string Name, bool IsOperator) ReadClassName(JsonCursor layer)
    {
        var name = layer.GetString("class_name");
        if (layer.Find("module") is not { IsNull: false } moduleName)
            return name == FunctionOperator ? (ReadFunction(layer), true) : (name, false);
        var module = moduleName.AsString() ?? "";
        if (name == FunctionOperator && module.StartsWith("keras.src.layers.", StringComparison.Ordinal))
            return (ReadFunction(layer), true);
        if (module is "keras.layers" || module.StartsWith("keras.src.layers.", StringComparison.Ordinal))
            return (name, false);
        if (module.StartsWith("keras.src.ops.", StringComparison.Ordinal))
            return (name, true);
        var registered = layer.Find("registered_name")?.AsString() ?? $"{module}.{name}";
        return (registered == name ? $"{module}.{name}" : registered, false);
    }

    // The operators of Keras 2 are functions of TensorFlow: a + b is __operators__.add, tf.add(a, b) is math.add.
    private static string ReadFunction(JsonCursor layer) =>
        layer.GetObject("config").GetString("function") is var function && function is "__operators__.add" or "math.add"
            ? "Add"
            : function;

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

    [GeneratedRegex(@"\W+")]
    private static partial Regex NonWordPattern();

    [GeneratedRegex("(.)([A-Z][a-z]+)")]
    private static partial Regex WordStartPattern();

    [GeneratedRegex("([a-z])([A-Z])")]
    private static partial Regex WordBoundaryPattern();
}
