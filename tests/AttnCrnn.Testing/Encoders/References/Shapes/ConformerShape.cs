using System.Text.Json.Nodes;

namespace AttnCrnn.Testing.Encoders.References.Shapes;

/// <summary>The sizes of a wav2vec2-conformer checkpoint.</summary>
internal sealed record ConformerShape : WaveformShape
{
    public ConformerShape()
    {
        ModelType = "wav2vec2-conformer";
        Activation = "swish";
        HasLayerNorms = true;
        HasConvolutionBias = true;
    }

    /// <summary>Reads a checkpoint's configuration.</summary>
    public ConformerShape(JsonNode config, JsonNode preprocessor)
        : base(config, preprocessor)
    {
        IsRotary = (string)config["position_embeddings_type"]! == "rotary";
        RotaryBase = (int)config["rotary_embedding_base"]!;
        DepthwiseTaps = (int)config["conv_depthwise_kernel_size"]!;
    }

    /// <summary>Whether position_embeddings_type is "rotary", not "relative".</summary>
    public bool IsRotary { get; init; }

    /// <summary>rotary_embedding_base.</summary>
    public int RotaryBase { get; init; } = 10_000;

    /// <summary>conv_depthwise_kernel_size.</summary>
    public int DepthwiseTaps { get; init; } = 7;

    /// <inheritdoc/>
    public override IEnumerable<(string Name, int[] Shape)> Tensors() =>
        [
            .. ConvolutionTensors(),
            .. ProjectionTensors(),
            .. TensorShapes.Norm("encoder.layer_norm", Width),
            .. Enumerable.Range(0, Layers).SelectMany(i => LayerTensors($"encoder.layers.{i}")),
        ];

    /// <inheritdoc/>
    public override IEnumerable<(string Name, int[] Shape)> UnusedTensors() =>
        [.. base.UnusedTensors(), .. PositionTensors().Select(tensor => (Prefix + tensor.Name, tensor.Shape))];

    /// <inheritdoc/>
    public override ReferenceStates Encode(IReadOnlyDictionary<string, double[]> tensors, float[] waveform) =>
        new ConformerReference(this, tensors).Encode(waveform);

    /// <inheritdoc/>
    protected override JsonObject Config()
    {
        var config = base.Config();
        config["position_embeddings_type"] = IsRotary ? "rotary" : "relative";
        config["rotary_embedding_base"] = RotaryBase;
        config["conv_depthwise_kernel_size"] = DepthwiseTaps;
        config["max_source_positions"] = 10;
        config["add_adapter"] = false;
        return config;
    }

    private IEnumerable<(string Name, int[] Shape)> LayerTensors(string path) =>
        [
            .. TensorShapes.ConformerLayer(path, Width, FeedForward, DepthwiseTaps),
            .. TensorShapes.Norm($"{path}.conv_module.batch_norm", Width),
            ($"{path}.conv_module.batch_norm.running_mean", [Width]),
            ($"{path}.conv_module.batch_norm.running_var", [Width]),
            .. IsRotary ? [] : RelativeTensors($"{path}.self_attn"),
        ];

    private IEnumerable<(string Name, int[] Shape)> RelativeTensors(string path) =>
        [
            ($"{path}.linear_pos.weight", [Width, Width]),
            ($"{path}.pos_bias_u", [Heads, Width / Heads]),
            ($"{path}.pos_bias_v", [Heads, Width / Heads]),
        ];
}
