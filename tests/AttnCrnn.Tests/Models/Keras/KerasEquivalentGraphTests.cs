using System.Text.Json.Nodes;
using AttnCrnn.Models;

namespace AttnCrnn.Tests.Models.Keras;

/// <summary>Graphs in another notation that compute the same function as the network.</summary>
public sealed class KerasEquivalentGraphTests : IDisposable
{
    private static readonly Dictionary<string, Action<JsonObject, Func<string, JsonObject>>> Changes = new()
    {
        ["relu layer"] = (_, layer) =>
        {
            layer("activation")["class_name"] = "ReLU";
            Options(layer("activation")).Remove("activation");
            Options(layer("activation"))["max_value"] = null;
            Options(layer("activation"))["negative_slope"] = 0.0;
            Options(layer("activation"))["threshold"] = 0.0;
        },
        ["relu inside"] = (config, layer) =>
        {
            Options(layer("conv1d"))["activation"] = "linear";
            KerasGraphEditor.InsertAfter(
                config,
                layer("conv1d"),
                "Activation",
                "rectified",
                new() { ["activation"] = "relu" }
            );
        },
        ["softmax layer"] = (config, layer) =>
            MoveSoftmax(config, layer("dense_1"), "Softmax", new() { ["axis"] = -1 }),
        ["softmax activation"] = (config, layer) =>
            MoveSoftmax(config, layer("dense_1"), "Activation", new() { ["activation"] = "softmax" }),
        ["no dropout"] = (config, layer) =>
        {
            KerasGraphEditor.Skip(config, layer("dropout"));
            KerasGraphEditor.Skip(config, layer("dropout_1"));
        },
        ["v1 dense"] = (config, layer) =>
        {
            Options(layer("dense"))["activation"] = "relu";
            KerasGraphEditor.Skip(config, layer("batch_normalization"));
            KerasGraphEditor.Skip(config, layer("activation"));
        },
        ["attention of three"] = (_, layer) =>
        {
            var inputs = (JsonArray)layer("attention")["inbound_nodes"]![0]!["args"]![0]!;
            inputs.Add(inputs[0]!.DeepClone());
        },
        ["legacy numbers"] = (_, layer) => // Keras 3.0: axes as lists or from the front, no later options
        {
            Options(layer("layer_normalization"))["axis"] = new JsonArray(2);
            Options(layer("batch_normalization"))["axis"] = 1;
            foreach (var key in (string[])["synchronized", "renorm", "renorm_clipping", "renorm_momentum"])
                Options(layer("batch_normalization")).Remove(key);
            Options(layer("features")).Remove("optional");
            Options(layer("dense")).Remove("quantization_config");
            Options(layer("dense"))["dtype"] = "float32";
        },
        ["half precision"] = (config, layer) =>
            Options(layer("conv1d"))["dtype"]!["config"]!["name"] = "mixed_bfloat16",
        ["gelu operator"] = (_, layer) => UseGeluOperator(layer("activation"), approximate: true),
        ["gelu operator exact"] = (_, layer) => UseGeluOperator(layer("activation"), approximate: false),
        ["nested outputs"] = (config, _) =>
            config["config"]!["output_layers"] = new JsonArray(new JsonArray("dense_1", 0, 0)),
    };

    private readonly TempFolder folder = new();

    private string PathOf(string name) => folder.PathOf(name);

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Forms => [.. Changes.Keys];

    [Fact]
    public void Layer_names_do_not_matter()
    {
        var original = ModelFile.Read(Fixtures.Path("keras", "small.keras"), KerasAssert.Labels);
        KerasBuilder
            .FromFixture("small.keras")
            .WithConfig(
                (config, _) =>
                {
                    // Each layer is named after another one.
                    var layers = (JsonArray)config["config"]!["layers"]!;
                    string[] names = [.. layers.Select(layer => (string)layer!["name"]!)];
                    for (var i = 0; i < names.Length; i++)
                        KerasGraphEditor.Redirect(layers, names[i], $"<{i}>");
                    for (var i = 0; i < names.Length; i++)
                    {
                        var name = names[(i + 5) % names.Length];
                        KerasGraphEditor.Redirect(layers, $"<{i}>", name);
                        layers[i]!["name"] = name;
                        layers[i]!["config"]!["name"] = name;
                    }
                    config["config"]!["output_layers"]![0] = (string)layers[^1]!["name"]!;
                    config["config"]!["name"] = "another";
                }
            )
            .Save(PathOf("x.keras"));
        Assert.Equal(
            original.Tensors.Select(modelTensor => modelTensor.Values),
            ModelFile.Read(PathOf("x.keras"), KerasAssert.Labels).Tensors.Select(modelTensor => modelTensor.Values)
        );
    }

    [Fact]
    public void The_layer_order_determines_weight_paths_not_connections()
    {
        // The two convolutions are listed in reverse order: then Keras numbers their folders in reverse order as well.
        KerasBuilder
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
            .Save(PathOf("x.keras"));
        Assert.Contains(
            "layers/conv1d_1/vars/0: found a tensor of [5, 8, 10], expected a tensor of [5, 12, 8]",
            Assert.Throws<InvalidFileException>(() => ModelFile.Read(PathOf("x.keras"), KerasAssert.Labels)).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Equivalent_Keras_configurations_are_read(string form)
    {
        Change(form).Save(PathOf("x.keras"));
        var (original, model) = (
            ModelFile.Read(Fixtures.Path("keras", "small.keras"), KerasAssert.Labels),
            ModelFile.Read(PathOf("x.keras"), KerasAssert.Labels)
        );
        var expected = form switch
        {
            "relu layer" or "v1 dense" => original.Info.Network with
            {
                Activation = HeadActivation.Relu,
                HeadNormalization = form == "v1 dense" ? HeadNormalization.None : HeadNormalization.Batch,
            },
            "no dropout" => original.Info.Network with
            {
                Dropout = 0,

                HeadDropout = 0,
            },
            "gelu operator" => original.Info.Network with { Activation = HeadActivation.GeluTanh },
            _ => original.Info.Network,
        };
        Assert.Equal(expected, model.Info.Network);
        Assert.Equal(
            original
                .Tensors.Where(modelTensor =>
                    form != "v1 dense" || !modelTensor.Name.StartsWith("batch", StringComparison.Ordinal)
                )
                .Select(modelTensor => modelTensor.Values),
            model.Tensors.Select(modelTensor => modelTensor.Values)
        );
    }

    [Theory]
    [InlineData("max_value", 0.0)] // all zeros
    [InlineData("negative_slope", 0.1)]
    public void A_nonstandard_ReLU_is_rejected(string option, double value)
    {
        Change("relu layer")
            .WithConfig((_, layer) => layer("activation")["config"]![option] = value)
            .Save(PathOf("x.keras"));
        Assert.Contains(
            option,
            Assert.Throws<InvalidFileException>(() => ModelFile.Read(PathOf("x.keras"), KerasAssert.Labels)).Message,
            StringComparison.Ordinal
        );
    }

    private static void MoveSoftmax(JsonObject config, JsonObject dense, string className, JsonObject options)
    {
        Options(dense)["activation"] = "linear";
        KerasGraphEditor.InsertAfter(config, dense, className, "shares", options);
        config["config"]!["output_layers"] = new JsonArray("shares", 0, 0);
    }

    private static void UseGeluOperator(JsonObject layer, bool approximate)
    {
        layer["module"] = "keras.src.ops.nn";
        layer["class_name"] = "Gelu";
        layer["registered_name"] = "Gelu";
        layer["config"] = new JsonObject
        {
            ["name"] = "activation",

            ["approximate"] = approximate,
        };
    }

    private static JsonObject Options(JsonObject layer) => (JsonObject)layer["config"]!;

    private static KerasBuilder Change(string form) =>
        KerasBuilder.FromFixture("small.keras").WithConfig(Changes[form]);
}
