using AttnCrnn.Encoders.Transformers.Layers;
using AttnCrnn.IO;

namespace AttnCrnn.Encoders.Transformers.Data2VecAudio;

/// <summary>The network settings of a checkpoint's config.json, under transformers' names.</summary>
internal sealed record Data2VecAudioConfig
{
    private const int MaxLayers = 1000;
    private const int MaxPositionConvolutions = 100;
    private const int MaxTaps = 1 << 16;

    public required WaveformConvolutions Convolutions { get; init; }

    public required TransformerShape Transformer { get; init; }

    public required FeatureProjection Projection { get; init; }

    public required PositionConvolutions Positions { get; init; }

    public required int Layers { get; init; }

    /// <summary>Whether the model was fine-tuned for speech recognition.</summary>
    public required bool IsSpeechRecognizer { get; init; }

    /// <summary>Reads a config.json.</summary>
    /// <exception cref="InvalidFileException">A setting is not supported.</exception>
    public static Data2VecAudioConfig Read(JsonCursor json)
    {
        Adapters.Refuse(json);
        // transformers ignores feat_extract_norm and do_stable_layer_norm here.
        var convolutions = WaveformConvolutions.Read(json) with { HasLayerNorm = true };
        var transformer = TransformerShape.Read(json) with { NormsFirst = false };
        return new()
        {
            Convolutions = convolutions,
            Transformer = transformer,
            Projection = new(convolutions.Channels, transformer.Width, transformer.Epsilon),
            Positions = new(
                transformer.Width,
                json.GetInt32("num_conv_pos_embeddings", 1, MaxPositionConvolutions, 5),
                json.GetInt32("conv_pos_kernel_size", 1, MaxTaps, 19),
                PositionConvolution.ReadGroups(json, transformer.Width),
                convolutions.Activation
            ),
            Layers = json.GetInt32("num_hidden_layers", 1, MaxLayers, 12),
            IsSpeechRecognizer = SpeechRecognizer.IsDescribedBy(json),
        };
    }
}
