using System.Text.Json.Nodes;

namespace AttnCrnn.Tests.Models.Keras;

/// <summary>Graphs that compute another function than the network.</summary>
public sealed class KerasOtherGraphTests : IDisposable
{
    private static readonly Dictionary<string, Action<JsonObject, Func<string, JsonObject>>> Changes = new()
    {
        ["circle"] = (_, layer) => KerasGraphEditor.Connect(Arguments(layer("conv1d"))[0]!, "max_pooling1d_1"),
        ["self"] = (_, layer) => KerasGraphEditor.Connect(Arguments(layer("dense"))[0]!, "dense"),
        ["absent input"] = (_, layer) => KerasGraphEditor.Connect(Arguments(layer("dense"))[0]!, "nobody"),
        ["two of a name"] = (config, layer) => Layers(config).Add(layer("conv1d").DeepClone()),
        ["used twice"] = (_, layer) =>
            ((JsonArray)layer("dense")["inbound_nodes"]!).Add(layer("dense")["inbound_nodes"]![0]!.DeepClone()),
        ["second input"] = (config, layer) => Layers(config).Add(KerasGraphEditor.Rename(layer("features"), "other")),
        ["branch"] = (config, layer) => Layers(config).Add(KerasGraphEditor.Rename(layer("dropout"), "side")),
        ["other output"] = (config, _) => config["config"]!["output_layers"] = new JsonArray("dense", 0, 0),
        ["custom layer"] = (_, layer) =>
        {
            layer("conv1d")["module"] = "mine.layers";
            layer("conv1d")["registered_name"] = "Mine>Conv1D";
        },
        ["wrong sum"] = (_, layer) => KerasGraphEditor.Connect(Arguments(layer("add"))[0]![1]!, "max_pooling1d_1"),
        ["twice the attention"] = (_, layer) => KerasGraphEditor.Connect(Arguments(layer("add"))[0]![1]!, "attention"),
        ["thrice the attention"] = (_, layer) =>
            ((JsonArray)Arguments(layer("add"))[0]!).Add(Arguments(layer("add"))[0]![0]!.DeepClone()),
        ["attention of others"] = (_, layer) =>
            KerasGraphEditor.Connect(Arguments(layer("attention"))[0]![1]!, "bidirectional"),
        ["training"] = (_, layer) => layer("dropout")["inbound_nodes"]![0]!["kwargs"]!["training"] = true,
        ["mask"] = (_, layer) =>
            layer("bidirectional")["inbound_nodes"]![0]!["kwargs"]!["mask"] = Arguments(layer("bidirectional"))[
                0
            ]!.DeepClone(),
        ["operator with a number"] = (_, layer) =>
        {
            Arguments(layer("add"))[1] = 1;
            Arguments(layer("add")).Add(Arguments(layer("layer_normalization"))[0]!.DeepClone());
            KerasGraphEditor.Connect(Arguments(layer("add"))[2]!, "dropout");
        },
        ["unnamed lambda"] = (_, layer) => layer("lambda")["config"]!["function"]!["config"] = "os.system",
        ["lambda with arguments"] = (config, layer) =>
            layer("lambda")["config"]!["arguments"] = new JsonObject { ["approximate"] = true },
        ["different directions"] = (config, layer) =>
            layer("bidirectional")["config"]!["backward_layer"]!["config"]!["units"] = 7,
        ["no layers"] = (config, _) => Layers(config).Clear(),
        ["many layers"] = (config, layer) =>
        {
            for (var i = 0; i < 2000; i++)
                Layers(config).Add(KerasGraphEditor.Rename(layer("dropout"), $"d{i}"));
        },
        ["subclass"] = (config, _) =>
        {
            config["class_name"] = "Mine";
            config["registered_name"] = "Mine>Mine";
        },
    };

    private readonly TempFolder folder = new();

    private string PathOf(string name) => folder.PathOf(name);

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, string> OtherGraphs =>
        new()
        {
            { "circle", "in a cycle" },
            { "self", "in a cycle" },
            { "absent input", "after 'nobody', which does not exist" },
            { "two of a name", "two layers named 'conv1d'" },
            { "used twice", "layer 'dense' used 2 times" },
            { "second input", "(InputLayer), expected only one input" },
            { "branch", "layer 'side' (Dropout), expected only" },
            { "other output", "the outputs 'dense'" },
            { "custom layer", "layer 'conv1d' (Mine>Conv1D), expected a Conv1D" },
            { "wrong sum", "layer 'add' (Add), expected only layer 'bidirectional'" },
            { "twice the attention", "layer 'add' (Add), expected a GlobalAveragePooling1D" },
            { "thrice the attention", "layer 'add' (Add), expected an Add of the attention's input and output" },
            { "attention of others", "layer 'attention' (Attention), expected only layer 'dropout'" },
            { "training", "layer 'dropout' (Dropout) called with training = true" },
            { "mask", "called with mask" },
            { "operator with a number", "operator 'add' (Add) called with argument 2 = 1" },
            { "unnamed lambda", "of the function 'os.system', expected a function named after GELU" },
            { "lambda with arguments", "arguments" },
            { "different directions", "the same units and dropouts in both directions" },
            { "no layers", "found no layers" },
            { "many layers", "layers, expected at most 1000" },
            { "subclass", "a model of the class 'Mine'" },
        };

    [Theory]
    [MemberData(nameof(OtherGraphs))]
    public void Another_graph_is_rejected_at_its_first_unexpected_layer(string kind, string expected)
    {
        var isOriginal =
            kind.Contains("operator", StringComparison.Ordinal) || kind.Contains("lambda", StringComparison.Ordinal);
        KerasBuilder
            .FromFixture(isOriginal ? "original_style.keras" : "small.keras")
            .WithConfig(Changes[kind])
            .Save(PathOf("x.keras"));
        KerasAssert.AssertRejected(PathOf("x.keras"), expected);
    }

    [Theory]
    [InlineData("another_architecture.keras", "layer 'gru' (GRU), expected a Conv1D")]
    [InlineData("lambda_bytecode.keras", "layer 'lambda' (Lambda) with Python byte code")]
    public void Another_architecture_and_code_are_rejected_with_the_reason(string name, string expected)
    {
        File.Copy(Fixtures.Path("keras", name), PathOf("x.keras"));
        KerasAssert.AssertRejected(PathOf("x.keras"), expected);
    }

    private static JsonArray Layers(JsonObject config) => (JsonArray)config["config"]!["layers"]!;

    private static JsonArray Arguments(JsonObject layer) => (JsonArray)layer["inbound_nodes"]![0]!["args"]!;
}
