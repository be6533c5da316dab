using System.Text.Json.Nodes;

namespace AttnCrnn.Testing.Encoders.References.Shapes;

/// <summary>The sizes of a SEW checkpoint.</summary>
internal sealed record SewShape : WaveformShape
{
    public SewShape() => ModelType = "sew";

    /// <summary>Reads a checkpoint's configuration.</summary>
    public SewShape(JsonNode config, JsonNode preprocessor)
        : base(config, preprocessor) => SqueezeFactor = (int)config["squeeze_factor"]!;

    /// <summary>squeeze_factor: frames of the output per frame of the layers.</summary>
    public int SqueezeFactor { get; init; } = 2;

    /// <summary>Whether the features are projected: if their channels are not as many as the layers'.</summary>
    public bool HasProjection => Channels[^1] != Width;

    /// <inheritdoc/>
    public override int MinFrames => SqueezeFactor;

    /// <inheritdoc/>
    public override IEnumerable<(string Name, int[] Shape)> Tensors() =>
        [
            .. ConvolutionTensors(),
            .. TensorShapes.Norm("layer_norm", Channels[^1]),
            .. HasProjection ? TensorShapes.Linear("feature_projection", Channels[^1], Width) : [],
            .. PositionTensors(),
            .. TransformerTensors(),
            .. TensorShapes.Linear("encoder.upsample.projection", Width, Width * SqueezeFactor),
        ];

    /// <inheritdoc/>
    public override ReferenceStates Encode(IReadOnlyDictionary<string, double[]> tensors, float[] waveform) =>
        new SewReference(this, tensors).Encode(waveform);

    /// <inheritdoc/>
    protected override JsonObject Config()
    {
        var config = base.Config();
        config["squeeze_factor"] = SqueezeFactor;
        config["feature_layer_norm_eps"] = 1e-5;
        return config;
    }
}
