using System.Text.Json.Nodes;

namespace AttnCrnn.Testing.Encoders.References.Shapes;

/// <summary>The sizes of a data2vec-audio checkpoint.</summary>
internal sealed record Data2VecAudioShape : WaveformShape
{
    public Data2VecAudioShape()
    {
        ModelType = "data2vec-audio";
        HasLayerNorms = true;
    }

    /// <summary>Reads a checkpoint's configuration.</summary>
    public Data2VecAudioShape(JsonNode config, JsonNode preprocessor)
        : base(config, preprocessor)
    {
        HasLayerNorms = true;
        PositionLayers = (int)config["num_conv_pos_embeddings"]!;
        PositionTaps = (int)config["conv_pos_kernel_size"]!;
    }

    /// <summary>num_conv_pos_embeddings: convolutions that encode positions, one after another.</summary>
    public int PositionLayers { get; init; } = 2;

    /// <inheritdoc/>
    public override IEnumerable<(string Name, int[] Shape)> Tensors() =>
        [
            .. ConvolutionTensors(),
            .. ProjectionTensors(),
            .. Enumerable
                .Range(0, PositionLayers)
                .SelectMany(i => ConvolutionTensors($"encoder.pos_conv_embed.layers.{i}.conv")),
            .. TransformerTensors(),
        ];

    /// <inheritdoc/>
    public override ReferenceStates Encode(IReadOnlyDictionary<string, double[]> tensors, float[] waveform) =>
        new Data2VecAudioReference(this, tensors).Encode(waveform);

    /// <inheritdoc/>
    protected override JsonObject Config()
    {
        var config = base.Config();
        config.Remove("feat_extract_norm");
        config["num_conv_pos_embeddings"] = PositionLayers;
        config["conv_pos_kernel_size"] = PositionTaps;
        config["add_adapter"] = false;
        return config;
    }

    private IEnumerable<(string Name, int[] Shape)> ConvolutionTensors(string path) =>
        [($"{path}.weight", [Width, Width / PositionGroups, PositionTaps]), ($"{path}.bias", [Width])];
}
