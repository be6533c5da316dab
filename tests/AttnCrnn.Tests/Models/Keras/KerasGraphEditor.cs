using System.Text.Json.Nodes;

namespace AttnCrnn.Tests.Models.Keras;

/// <summary>Changes of the graph in config.json.</summary>
internal static class KerasGraphEditor
{
    /// <summary>Connects an input to another layer.</summary>
    public static void Connect(JsonNode tensor, string layer) => tensor["config"]!["keras_history"]![0] = layer;

    /// <summary>A copy of a layer under another name.</summary>
    public static JsonObject Rename(JsonObject layer, string name)
    {
        var copy = (JsonObject)layer.DeepClone();
        copy["name"] = name;
        copy["config"]!["name"] = name;
        return copy;
    }

    /// <summary>Inserts a layer between another and its consumers.</summary>
    public static void InsertAfter(
        JsonObject config,
        JsonObject following,
        string className,
        string name,
        JsonObject options
    )
    {
        var layers = (JsonArray)config["config"]!["layers"]!;
        var from = (string)following["name"]!;
        var tensor = new JsonObject
        {
            ["class_name"] = "__keras_tensor__",
            ["config"] = new JsonObject
            {
                ["shape"] = new JsonArray(),
                ["dtype"] = "float32",
                ["keras_history"] = new JsonArray(from, 0, 0),
            },
        };
        Redirect(layers, from, name);
        options["name"] = name;
        layers.Add(
            new JsonObject
            {
                ["module"] = "keras.layers",
                ["class_name"] = className,
                ["config"] = options,
                ["registered_name"] = null,
                ["name"] = name,
                ["inbound_nodes"] = new JsonArray(
                    new JsonObject
                    {
                        ["args"] = new JsonArray(tensor),

                        ["kwargs"] = new JsonObject(),
                    }
                ),
            }
        );
    }

    /// <summary>Removes a layer: its consumers take its inputs.</summary>
    public static void Skip(JsonObject config, JsonObject layer)
    {
        var layers = (JsonArray)config["config"]!["layers"]!;
        var from = (string)layer["inbound_nodes"]![0]!["args"]![0]!["config"]!["keras_history"]![0]!;
        layers.Remove(layer);
        Redirect(layers, (string)layer["name"]!, from);
    }

    /// <summary>Connects the consumers of a layer to another one.</summary>
    public static void Redirect(JsonArray layers, string from, string to)
    {
        var open = new Stack<JsonNode>([layers]);
        while (open.TryPop(out var node))
        {
            if (
                node is JsonObject jsonObject
                && jsonObject["keras_history"] is JsonArray history
                && (string)history[0]! == from
            )
                history[0] = to;
            foreach (
                var inner in node is JsonObject parent ? parent.Select(pair => pair.Value)
                : node is JsonArray list ? list
                : []
            )
                if (inner is JsonObject or JsonArray)
                    open.Push(inner);
        }
    }
}
