using System.Text.Json.Nodes;
using AttnCrnn.Models;

namespace AttnCrnn.Tests.Models.Keras;

/// <summary>Graphs that are equivalent to the network, and graphs that are not.</summary>
public sealed class KerasGraphTests : IDisposable
{
    private static readonly string[] Labels = ["n", "c", "h", "s", "a", "f"];

    private readonly TempFolder folder = new();

    private string At(string name) => folder.At(name);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Layer_names_do_not_matter()
    {
        var plain = ModelFile.Read(Fixtures.Path("keras", "small.keras"), Labels);
        KerasMaker
            .FromFixture("small.keras")
            .WithConfig(
                (config, _) =>
                {
                    // Each layer is named after another one.
                    var layers = (JsonArray)config["config"]!["layers"]!;
                    string[] before = [.. layers.Select(layer => (string)layer!["name"]!)];
                    for (var i = 0; i < before.Length; i++)
                        Redirect(layers, before[i], $"<{i}>");
                    for (var i = 0; i < before.Length; i++)
                    {
                        var name = before[(i + 5) % before.Length];
                        Redirect(layers, $"<{i}>", name);
                        (layers[i]!["name"], layers[i]!["config"]!["name"]) = (name, name);
                    }
                    config["config"]!["output_layers"]![0] = (string)layers[^1]!["name"]!;
                    config["config"]!["name"] = "another";
                }
            )
            .Save(At("x.keras"));
        Assert.Equal(
            plain.Tensors.Select(modelTensor => modelTensor.Values),
            ModelFile.Read(At("x.keras"), Labels).Tensors.Select(modelTensor => modelTensor.Values)
        );
    }

    [Fact]
    public void The_layer_order_determines_weight_paths_not_connections()
    {
        // The two convolutions are listed in reverse order: then Keras numbers their folders in reverse order as well.
        KerasMaker
            .FromFixture("small.keras")
            .WithConfig(
                (config, layer) =>
                {
                    var layers = (JsonArray)config["config"]!["layers"]!;
                    var (first, second) = (layer("conv1d"), layer("conv1d_1"));
                    layers.Remove(second);
                    layers.Insert(layers.IndexOf(first), second);
                }
            )
            .Save(At("x.keras"));
        Assert.Contains(
            "layers/conv1d_1/vars/0: found a tensor of [5, 8, 10], expected a tensor of [5, 12, 8]",
            Assert.Throws<InvalidFileException>(() => ModelFile.Read(At("x.keras"), Labels)).Message,
            StringComparison.Ordinal
        );
    }

    public static TheoryData<string> Forms =>
        new(
            "relu layer",
            "relu inside",
            "softmax layer",
            "softmax activation",
            "no dropout",
            "attention of three",
            "legacy numbers",
            "half precision",
            "gelu operator",
            "gelu operator exact",
            "nested outputs",
            "v1 dense"
        );

    [Theory]
    [MemberData(nameof(Forms))]
    public void Equivalent_Keras_configurations_are_read(string form)
    {
        Change(form).Save(At("x.keras"));
        var (plain, read) = (
            ModelFile.Read(Fixtures.Path("keras", "small.keras"), Labels),
            ModelFile.Read(At("x.keras"), Labels)
        );
        var expected = form switch
        {
            "relu layer" or "v1 dense" => plain.Model.Network with
            {
                Activation = HeadActivation.Relu,
                HasBatchNorm = form != "v1 dense",
            },
            "no dropout" => plain.Model.Network with { Dropout = 0, HeadDropout = 0 },
            "gelu operator" => plain.Model.Network with { Activation = HeadActivation.GeluTanh },
            _ => plain.Model.Network,
        };
        Assert.Equal(expected, read.Model.Network);
        Assert.Equal(
            plain
                .Tensors.Where(modelTensor =>
                    form != "v1 dense" || !modelTensor.Name.StartsWith("batch", StringComparison.Ordinal)
                )
                .Select(modelTensor => modelTensor.Values),
            read.Tensors.Select(modelTensor => modelTensor.Values)
        );
    }

    [Theory]
    [InlineData("max_value", 0.0)] // all zeros
    [InlineData("negative_slope", 0.1)]
    public void A_nonstandard_ReLU_is_rejected(string option, double value)
    {
        Change("relu layer")
            .WithConfig((_, layer) => layer("activation")["config"]![option] = value)
            .Save(At("x.keras"));
        Assert.Contains(
            option,
            Assert.Throws<InvalidFileException>(() => ModelFile.Read(At("x.keras"), Labels)).Message,
            StringComparison.Ordinal
        );
    }

    private static KerasMaker Change(string form) =>
        KerasMaker
            .FromFixture("small.keras")
            .WithConfig(
                (config, layer) =>
                {
                    JsonObject Config(string name) => (JsonObject)layer(name)["config"]!;
                    switch (form)
                    {
                        case "relu layer":
                            layer("activation")["class_name"] = "ReLU";
                            Config("activation").Remove("activation");
                            (
                                Config("activation")["max_value"],
                                Config("activation")["negative_slope"],
                                Config("activation")["threshold"]
                            ) = (null, 0.0, 0.0);
                            break;
                        case "relu inside":
                            Config("conv1d")["activation"] = "linear";
                            After(
                                config,
                                layer("conv1d"),
                                "Activation",
                                "rectified",
                                new() { ["activation"] = "relu" }
                            );
                            break;
                        case "softmax layer" or "softmax activation":
                            Config("dense_1")["activation"] = "linear";
                            After(
                                config,
                                layer("dense_1"),
                                form == "softmax layer" ? "Softmax" : "Activation",
                                "shares",
                                form == "softmax layer" ? new() { ["axis"] = -1 } : new() { ["activation"] = "softmax" }
                            );
                            config["config"]!["output_layers"] = new JsonArray("shares", 0, 0);
                            break;
                        case "no dropout":
                            Skip(config, layer("dropout"));
                            Skip(config, layer("dropout_1"));
                            break;
                        case "v1 dense":
                            Config("dense")["activation"] = "relu";
                            Skip(config, layer("batch_normalization"));
                            Skip(config, layer("activation"));
                            break;
                        case "attention of three":
                            var inputs = (JsonArray)layer("attention")["inbound_nodes"]![0]!["args"]![0]!;
                            inputs.Add(inputs[0]!.DeepClone());
                            break;
                        case "legacy numbers": // Keras 3.0: axes as lists or from the front, no later options
                            Config("layer_normalization")["axis"] = new JsonArray(2);
                            Config("batch_normalization")["axis"] = 1;
                            foreach (
                                var key in (string[])["synchronized", "renorm", "renorm_clipping", "renorm_momentum"]
                            )
                                Config("batch_normalization").Remove(key);
                            Config("features").Remove("optional");
                            Config("dense").Remove("quantization_config");
                            Config("dense")["dtype"] = "float32";
                            break;
                        case "half precision":
                            Config("conv1d")["dtype"]!["config"]!["name"] = "mixed_bfloat16";
                            break;
                        case "gelu operator" or "gelu operator exact":
                            (
                                layer("activation")["module"],
                                layer("activation")["class_name"],
                                layer("activation")["registered_name"]
                            ) = ("keras.src.ops.nn", "Gelu", "Gelu");
                            layer("activation")["config"] = new JsonObject
                            {
                                ["name"] = "activation",
                                ["approximate"] = form == "gelu operator",
                            };
                            break;
                        case "nested outputs":
                            config["config"]!["output_layers"] = new JsonArray(new JsonArray("dense_1", 0, 0));
                            break;
                        default:
                            throw new InvalidOperationException(form);
                    }
                }
            );

    [Theory]
    [InlineData("conv1d", "kernel_size", "[5.0]")]
    [InlineData("conv1d", "groups", "1.0")]
    [InlineData("max_pooling1d", "pool_size", "2e0")]
    [InlineData("features", "batch_shape", "[null, null, 12.0]")]
    public void A_whole_number_may_have_a_fraction_of_0(string layer, string option, string value)
    {
        var archive = KerasMaker.FromFixture("small.keras");
        archive.Save(At("plain.keras"));
        archive
            .WithConfig((_, func) => ((JsonObject)func(layer)["config"]!)[option] = JsonNode.Parse(value))
            .Save(At("x.keras"));
        Assert.Equal(
            ModelFile.Read(At("plain.keras"), Labels).Model.Network,
            ModelFile.Read(At("x.keras"), Labels).Model.Network
        );
    }

    [Theory]
    [InlineData("conv1d", "strides", "[2]", "layer 'conv1d' (Conv1D) with strides [2], expected [1]")]
    [InlineData("conv1d_1", "dilation_rate", "[3]", "layer 'conv1d_1' (Conv1D) with dilation_rate [3]")]
    [InlineData("conv1d", "kernel_size", "[4]", "kernel_size [4], expected [5]")]
    [InlineData("conv1d", "padding", "\"causal\"", "padding \"causal\"")]
    [InlineData("conv1d", "groups", "2", "groups 2")]
    [InlineData("conv1d", "activation", "\"elu\"", "layer 'conv1d' (Conv1D), expected its activation relu")]
    [InlineData("conv1d", "use_bias", "false", "use_bias false")]
    [InlineData("conv1d", "filters", "-8", "filters -8")]
    [InlineData("conv1d", "filters", "1e99", "filters 1e99")]
    [InlineData("conv1d", "something_new", "\"on\"", "something_new \"on\", expected it disabled")]
    [InlineData("conv1d", "dtype", "\"int8_from_float32\"", "dtype \"int8_from_float32\"")]
    [InlineData("max_pooling1d", "pool_size", "[3]", "pool_size [3]")]
    [InlineData("max_pooling1d", "padding", "\"same\"", "padding \"same\"")]
    [InlineData("bidirectional", "merge_mode", "\"sum\"", "merge_mode \"sum\"")]
    [InlineData("bidirectional", "layer", "null", "layer null, expected an LSTM")]
    [InlineData("attention", "score_mode", "\"concat\"", "score_mode \"concat\"")]
    [InlineData("attention", "dropout", "0.1", "dropout 0.1")]
    [InlineData("layer_normalization", "epsilon", "1e-05", "epsilon 1e-05")]
    [InlineData("layer_normalization", "rms_scaling", "true", "rms_scaling true")]
    [InlineData("global_average_pooling1d", "keepdims", "true", "keepdims true")]
    [InlineData("batch_normalization", "momentum", "0.9", "momentum 0.9")]
    [InlineData("batch_normalization", "renorm", "true", "renorm true")]
    [InlineData("activation", "activation", "\"swish\"", "layer 'activation' (Activation), expected GELU or ReLU")]
    [InlineData("dropout", "rate", "1.5", "rate 1.5")]
    [InlineData("dropout", "noise_shape", "[1, 2]", "noise_shape [1,2]")]
    [InlineData("dense_1", "activation", "\"sigmoid\"", "layer 'dense_1' (Dense), expected its activation softmax")]
    [InlineData("dense", "units", "9999999", "dense 9999999: expected 1 to 8192")]
    [InlineData("features", "batch_shape", "[null, 2, 12]", "batch_shape [null,2,12], expected at least 4 frames")]
    [InlineData("features", "batch_shape", "[32, null, 12]", "batch_shape [32,null,12]")]
    [InlineData("features", "batch_shape", "[null, null, null]", "batch_shape [null,null,null]")]
    public void An_unsupported_option_is_rejected_with_its_layer(
        string layer,
        string option,
        string value,
        string expected
    )
    {
        KerasMaker
            .FromFixture("small.keras")
            .WithConfig((_, func) => ((JsonObject)func(layer)["config"]!)[option] = JsonNode.Parse(value))
            .Save(At("x.keras"));
        AssertRejected(expected);
    }

    [Theory]
    [InlineData("go_backwards", "true")]
    [InlineData("unroll", "true")]
    [InlineData("stateful", "true")]
    [InlineData("implementation", "1")]
    [InlineData("return_sequences", "false")]
    [InlineData("activation", "\"relu\"")]
    [InlineData("recurrent_activation", "\"hard_sigmoid\"")]
    [InlineData("use_bias", "false")]
    public void An_unsupported_LSTM_option_is_rejected(string option, string value)
    {
        KerasMaker
            .FromFixture("small.keras")
            .WithConfig(
                (_, func) =>
                    ((JsonObject)func("bidirectional")["config"]!["layer"]!["config"]!)[option] = JsonNode.Parse(value)
            )
            .Save(At("x.keras"));
        AssertRejected($"layer 'bidirectional' (Bidirectional) with {option} {value}");
    }

    [Theory]
    [InlineData("another_architecture.keras", "layer 'gru' (GRU), expected a Conv1D")]
    [InlineData("lambda_bytecode.keras", "layer 'lambda' (Lambda) with Python byte code")]
    public void Another_architecture_and_code_are_rejected_with_the_reason(string name, string expected)
    {
        File.Copy(Fixtures.Path("keras", name), At("x.keras"));
        AssertRejected(expected);
    }

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
        KerasMaker
            .FromFixture(
                kind.Contains("operator", StringComparison.Ordinal) || kind.Contains("lambda", StringComparison.Ordinal)
                    ? "original_style.keras"
                    : "small.keras"
            )
            .WithConfig(
                (config, layer) =>
                {
                    var layers = (JsonArray)config["config"]!["layers"]!;
                    JsonArray Arguments(string name) => (JsonArray)layer(name)["inbound_nodes"]![0]!["args"]!;
                    switch (kind)
                    {
                        case "circle":
                            Feed(Arguments("conv1d")[0]!, "max_pooling1d_1");
                            break;
                        case "self":
                            Feed(Arguments("dense")[0]!, "dense");
                            break;
                        case "absent input":
                            Feed(Arguments("dense")[0]!, "nobody");
                            break;
                        case "two of a name":
                            layers.Add(layer("conv1d").DeepClone());
                            break;
                        case "used twice":
                            ((JsonArray)layer("dense")["inbound_nodes"]!).Add(
                                layer("dense")["inbound_nodes"]![0]!.DeepClone()
                            );
                            break;
                        case "second input":
                            layers.Add(Renamed(layer("features"), "other"));
                            break;
                        case "branch":
                            layers.Add(Renamed(layer("dropout"), "side"));
                            break;
                        case "other output":
                            config["config"]!["output_layers"] = new JsonArray("dense", 0, 0);
                            break;
                        case "custom layer":
                            (layer("conv1d")["module"], layer("conv1d")["registered_name"]) = (
                                "mine.layers",
                                "Mine>Conv1D"
                            );
                            break;
                        case "wrong sum":
                            Feed(Arguments("add")[0]![1]!, "max_pooling1d_1");
                            break;
                        case "twice the attention":
                            Feed(Arguments("add")[0]![1]!, "attention");
                            break;
                        case "thrice the attention":
                            ((JsonArray)Arguments("add")[0]!).Add(Arguments("add")[0]![0]!.DeepClone());
                            break;
                        case "attention of others":
                            Feed(Arguments("attention")[0]![1]!, "bidirectional");
                            break;
                        case "training":
                            layer("dropout")["inbound_nodes"]![0]!["kwargs"]!["training"] = true;
                            break;
                        case "mask":
                            layer("bidirectional")["inbound_nodes"]![0]!["kwargs"]!["mask"] = Arguments(
                                "bidirectional"
                            )[0]!.DeepClone();
                            break;
                        case "operator with a number":
                            Arguments("add")[1] = 1;
                            Arguments("add").Add(Arguments("layer_normalization")[0]!.DeepClone());
                            Feed(Arguments("add")[2]!, "dropout");
                            break;
                        case "unnamed lambda":
                            layer("lambda")["config"]!["function"]!["config"] = "os.system";
                            break;
                        case "lambda with arguments":
                            layer("lambda")["config"]!["arguments"] = new JsonObject { ["approximate"] = true };
                            break;
                        case "different directions":
                            layer("bidirectional")["config"]!["backward_layer"]!["config"]!["units"] = 7;
                            break;
                        case "no layers":
                            layers.Clear();
                            break;
                        case "many layers":
                            for (var i = 0; i < 2000; i++)
                                layers.Add(Renamed(layer("dropout"), $"d{i}"));
                            break;
                        case "subclass":
                            (config["class_name"], config["registered_name"]) = ("Mine", "Mine>Mine");
                            break;
                        default:
                            throw new InvalidOperationException(kind);
                    }
                }
            )
            .Save(At("x.keras"));
        AssertRejected(expected);
    }

    [Theory]
    [InlineData("2.15.0")]
    [InlineData("3.16.0")]
    [InlineData("4.0.0")]
    [InlineData("")]
    public void Archives_of_other_versions_are_rejected(string version)
    {
        KerasMaker
            .FromFixture("small.keras")
            .WithText("metadata.json", text => text.Replace("3.15.1", version, StringComparison.Ordinal))
            .Save(At("x.keras"));
        AssertRejected("expected Keras 3.0 to 3.15");
    }

    [Theory]
    [InlineData("3.0.0")]
    [InlineData("3.4.1")]
    [InlineData("3.11.0.dev2025")]
    public void Archives_of_Keras_3_are_read(string version)
    {
        KerasMaker
            .FromFixture("small.keras")
            .WithText("metadata.json", text => text.Replace("3.15.1", version, StringComparison.Ordinal))
            .Save(At("x.keras"));
        Assert.Equal(21, ModelFile.Read(At("x.keras"), Labels).Tensors.Count);
    }

    private void AssertRejected(string expected)
    {
        var fault = Assert.Throws<InvalidFileException>(() => ModelFile.Read(At("x.keras"), Labels));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.StartsWith(At("x.keras"), fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    private static void Feed(JsonNode tensor, string layer) => tensor["config"]!["keras_history"]![0] = layer;

    private static JsonObject Renamed(JsonObject layer, string name)
    {
        var copy = (JsonObject)layer.DeepClone();
        (copy["name"], copy["config"]!["name"]) = (name, name);
        return copy;
    }

    // Inserts a layer between another and its consumers.
    private static void After(JsonObject config, JsonObject before, string className, string name, JsonObject options)
    {
        var layers = (JsonArray)config["config"]!["layers"]!;
        var from = (string)before["name"]!;
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
                    new JsonObject { ["args"] = new JsonArray(tensor), ["kwargs"] = new JsonObject() }
                ),
            }
        );
    }

    // The layer's consumers take the layer's inputs.
    private static void Skip(JsonObject config, JsonObject layer)
    {
        var layers = (JsonArray)config["config"]!["layers"]!;
        var from = (string)layer["inbound_nodes"]![0]!["args"]![0]!["config"]!["keras_history"]![0]!;
        layers.Remove(layer);
        Redirect(layers, (string)layer["name"]!, from);
    }

    private static void Redirect(JsonArray layers, string from, string to)
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
