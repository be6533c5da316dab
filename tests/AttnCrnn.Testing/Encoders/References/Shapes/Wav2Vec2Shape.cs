using System.Text.Json.Nodes;

namespace AttnCrnn.Testing.Encoders.References.Shapes;

/// <summary>The sizes of a wav2vec 2.0, UniSpeech or UniSpeech-SAT checkpoint.</summary>
internal sealed record Wav2Vec2Shape : WaveformShape
{
    public Wav2Vec2Shape() { }

    /// <summary>Reads a checkpoint's configuration.</summary>
    public Wav2Vec2Shape(JsonNode config, JsonNode preprocessor)
        : base(config, preprocessor) => IsStable = (bool)config["do_stable_layer_norm"]!;

    /// <summary>do_stable_layer_norm: norms before attention and feed-forward, and a final norm.</summary>
    public bool IsStable { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<(string Name, int[] Shape)> Tensors() =>
        [.. ConvolutionTensors(), .. ProjectionTensors(), .. PositionTensors(), .. TransformerTensors()];

    /// <inheritdoc/>
    public override ReferenceStates Encode(IReadOnlyDictionary<string, double[]> tensors, float[] waveform) =>
        new Wav2Vec2Reference(this, tensors).Encode(waveform);

    /// <inheritdoc/>
    protected override JsonObject Config()
    {
        var config = base.Config();
        config["do_stable_layer_norm"] = IsStable;
        return config;
    }
}
