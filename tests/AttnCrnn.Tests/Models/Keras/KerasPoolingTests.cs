using System.Text.Json.Nodes;
using AttnCrnn.Models;

namespace AttnCrnn.Tests.Models.Keras;

/// <summary>Archives with attentive pooling, or without some of the parts of their network.</summary>
public sealed class KerasPoolingTests : IDisposable
{
    private static readonly NetworkOptions Attentive = new(5, 4)
    {
        Conv1Filters = 6,
        Conv2Filters = 7,
        LstmUnits = 4,
        DenseUnits = 9,
        Pooling = TemporalPooling.Attentive,
    };

    private readonly TempFolder folder = new();

    private string ModelPath => folder.PathOf("m.keras");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(TemporalPooling.Mean)]
    [InlineData(TemporalPooling.Statistics)]
    [InlineData(TemporalPooling.Attentive)]
    public void An_archive_without_scale_and_norm_is_read(TemporalPooling pooling)
    {
        var options = NetworkVersions.Canonicalize(
            Attentive with
            {
                Pooling = pooling,
                HasAttentionScale = false,
                HasLayerNorm = false,
                HeadNormalization = HeadNormalization.Layer,
            }
        );
        var builder = RandomModelBuilder.Create(options, seed: 5);
        ModelFileWriter.Write(ModelPath, builder.Model, builder.Tensors);
        var model = ModelFile.Read(ModelPath);
        Assert.Equal(options, model.Info.Network);
        Assert.Equal(
            builder.Tensors.Select(tensor => (tensor.Name, string.Join(' ', tensor.Values))),
            model.Tensors.Select(tensor => (tensor.Name, string.Join(' ', tensor.Values)))
        );
    }

    /// <summary>keras/src/layers/merging/dot.py, activations/softmax.py, reshaping/reshape.py.</summary>
    [Fact]
    public void Attentive_pooling_is_written_with_the_options_of_Keras()
    {
        var layers = (JsonArray)Write().Config["config"]!["layers"]!;
        string GetOptions(string name)
        {
            var config = (JsonObject)layers.Single(layer => (string)layer!["name"]! == name)!["config"]!.DeepClone();
            foreach (var key in (string[])["name", "trainable", "dtype"])
                Assert.True(config.Remove(key));
            return config.ToJsonString();
        }
        Assert.Equal("""{"axis":1}""", GetOptions("attentive_pooling_softmax"));
        Assert.Equal("""{"axes":1,"normalize":false}""", GetOptions("attentive_pooling_dot"));
        Assert.Equal("""{"target_shape":[-1]}""", GetOptions("attentive_pooling_reshape"));
        var dot = layers.Single(layer => (string)layer!["name"]! == "attentive_pooling_dot")!;
        Assert.Equal("[[null,null,1],[null,null,8]]", dot["build_config"]!["input_shape"]!.ToJsonString());
    }

    [Theory]
    [InlineData("attentive_pooling", "units", "2", "expected 1")]
    [InlineData("attentive_pooling", "activation", "\"tanh\"", "\"linear\"")]
    [InlineData("attentive_pooling_softmax", "axis", "-1", "expected 1")]
    [InlineData("attentive_pooling_dot", "axes", "2", "expected 1")]
    [InlineData("attentive_pooling_dot", "normalize", "true", "expected false")]
    [InlineData("attentive_pooling_reshape", "target_shape", "[2,-1]", "expected [-1]")]
    public void Another_option_is_rejected(string layer, string option, string value, string expected)
    {
        Write().WithConfig((_, find) => find(layer)["config"]![option] = JsonNode.Parse(value)).Save(ModelPath);
        KerasAssert.AssertRejected(ModelPath, expected);
        KerasAssert.AssertRejected(ModelPath, $"'{layer}'");
    }

    [Theory]
    [InlineData("attentive_pooling")]
    [InlineData("attentive_pooling_softmax")]
    [InlineData("attentive_pooling_dot")]
    public void A_layer_called_with_another_argument_is_rejected(string layer)
    {
        Write()
            .WithConfig((_, find) => find(layer)["inbound_nodes"]![0]!["kwargs"]!["mask"] = new JsonArray(true))
            .Save(ModelPath);
        KerasAssert.AssertRejected(ModelPath, "without other arguments");
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(2, "expected [-1] or -1 or [1] or 1")]
    public void The_axis_of_the_heads_layer_norm_is_that_of_its_units(int axis, string? error)
    {
        var options = Attentive with { HeadNormalization = HeadNormalization.Layer };
        var builder = RandomModelBuilder.Create(options, seed: 5);
        ModelFileWriter.Write(ModelPath, builder.Model, builder.Tensors);
        KerasBuilder
            .FromFile(ModelPath)
            .WithConfig((_, find) => find("layer_normalization_1")["config"]!["axis"] = new JsonArray(axis))
            .Save(ModelPath);
        if (error is null)
            Assert.Equal(options, ModelFile.Read(ModelPath).Info.Network);
        else
            KerasAssert.AssertRejected(ModelPath, error);
    }

    [Fact]
    public void Weights_of_other_frames_are_rejected()
    {
        Write()
            .WithConfig(
                (_, find) =>
                    KerasGraphEditor.Connect(
                        find("attentive_pooling_dot")["inbound_nodes"]![0]!["args"]![0]![1]!,
                        "add"
                    )
            )
            .Save(ModelPath);
        KerasAssert.AssertRejected(ModelPath, "'attentive_pooling");
    }

    private KerasBuilder Write()
    {
        var builder = RandomModelBuilder.Create(Attentive, seed: 5);
        ModelFileWriter.Write(ModelPath, builder.Model, builder.Tensors);
        return KerasBuilder.FromFile(ModelPath);
    }
}
