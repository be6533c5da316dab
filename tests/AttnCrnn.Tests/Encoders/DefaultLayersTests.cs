using System.Text.Json.Nodes;
using AttnCrnn.Encoders;
using AttnCrnn.Encoders.Transformers;

namespace AttnCrnn.Tests.Encoders;

/// <summary>The default layers of each encoder.</summary>
public sealed class DefaultLayersTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("wav2vec2")]
    [InlineData("hubert")]
    [InlineData("wavlm")]
    public void Default_layers_of_a_wav2vec_2_base_model_are_the_middle_ones(string family)
    {
        var config = new JsonObject
        {
            ["model_type"] = family,
            ["conv_dim"] = new JsonArray(512, 512, 512, 512, 512, 512, 512),
            ["conv_kernel"] = new JsonArray(10, 3, 3, 3, 3, 2, 2),
            ["conv_stride"] = new JsonArray(5, 2, 2, 2, 2, 2, 2),
            ["hidden_size"] = 768,
            ["num_hidden_layers"] = 12,
        };
        File.WriteAllText(folder.PathOf("config.json"), config.ToJsonString());
        var network = SpeechCheckpoint.Open(folder.Path).ReadNetwork(new());
        Assert.Equal(("4-8", 12, 768, 320), (network.DefaultLayers, network.Layers, network.Width, network.Hop));
        Assert.Equal(new(4, 8, LayerKind.Mean), LayerSelection.Parse(network.DefaultLayers, network.Layers));
    }
}
