using System.Text.Json.Nodes;
using AttnCrnn.Models;

namespace AttnCrnn.Tests.Models.Keras;

/// <summary>Layer options that the network does not support.</summary>
public sealed class KerasOptionTests : IDisposable
{
    private readonly TempFolder folder = new();

    private string PathOf(string name) => folder.PathOf(name);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("conv1d", "kernel_size", "[5.0]")]
    [InlineData("conv1d", "groups", "1.0")]
    [InlineData("max_pooling1d", "pool_size", "2e0")]
    [InlineData("features", "batch_shape", "[null, null, 12.0]")]
    public void A_whole_number_may_have_a_fraction_of_0(string layer, string option, string value)
    {
        var archive = KerasBuilder.FromFixture("small.keras");
        archive.Save(PathOf("plain.keras"));
        archive
            .WithConfig((_, find) => ((JsonObject)find(layer)["config"]!)[option] = JsonNode.Parse(value))
            .Save(PathOf("x.keras"));
        Assert.Equal(
            ModelFile.Read(PathOf("plain.keras"), KerasAssert.Labels).Info.Network,
            ModelFile.Read(PathOf("x.keras"), KerasAssert.Labels).Info.Network
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
    [InlineData("conv1d", "something_new", "\"on\"", "something_new \"on\", expected no such option")]
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
        KerasBuilder
            .FromFixture("small.keras")
            .WithConfig((_, func) => ((JsonObject)func(layer)["config"]!)[option] = JsonNode.Parse(value))
            .Save(PathOf("x.keras"));
        KerasAssert.AssertRejected(PathOf("x.keras"), expected);
    }

    [Theory]
    [InlineData("go_backwards", "true")]
    [InlineData("unroll", "true")]
    [InlineData("stateful", "true")]
    [InlineData("implementation", "3")]
    [InlineData("time_major", "true")]
    [InlineData("return_sequences", "false")]
    [InlineData("activation", "\"relu\"")]
    [InlineData("recurrent_activation", "\"hard_sigmoid\"")]
    [InlineData("use_bias", "false")]
    public void An_unsupported_LSTM_option_is_rejected(string option, string value)
    {
        KerasBuilder
            .FromFixture("small.keras")
            .WithConfig(
                (_, func) =>
                    ((JsonObject)func("bidirectional")["config"]!["layer"]!["config"]!)[option] = JsonNode.Parse(value)
            )
            .Save(PathOf("x.keras"));
        KerasAssert.AssertRejected(PathOf("x.keras"), $"layer 'bidirectional' (Bidirectional) with {option} {value}");
    }
}
