using AttnCrnn.Encoders.Transformers.Layers;
using AttnCrnn.IO;

namespace AttnCrnn.Encoders.Transformers.Conformer;

/// <summary>The network settings of a checkpoint's config.json, under transformers' names.</summary>
internal sealed record ConformerConfig
{
    private const int MaxLayers = 1000;
    private const int MaxTaps = 1 << 16;
    private const int MaxBase = 1 << 30;
    private const float NormEpsilon = 1e-5f; // torch's default, which the configuration does not change in a layer

    public required WaveformConvolutions Convolutions { get; init; }

    public required FeatureProjection Projection { get; init; }

    public required ConformerShape Shape { get; init; }

    /// <summary>Of the norm after the last layer.</summary>
    public required float Epsilon { get; init; }

    /// <summary>Whether the positions are rotary, or relative as in Transformer-XL.</summary>
    public required bool IsRotary { get; init; }

    /// <summary>Base of the rotary frequencies.</summary>
    public required int RotaryBase { get; init; }

    public required int Layers { get; init; }

    /// <summary>Whether the model was fine-tuned for speech recognition.</summary>
    public required bool IsSpeechRecognizer { get; init; }

    /// <summary>Reads a config.json.</summary>
    /// <exception cref="InvalidFileException">A setting is not supported.</exception>
    public static ConformerConfig Read(JsonCursor json)
    {
        Adapters.Refuse(json);
        var convolutions = WaveformConvolutions.Read(json);
        var transformer = TransformerShape.Read(json);
        var isRotary = ReadPositions(json) == "rotary";
        var taps = json.GetInt32("conv_depthwise_kernel_size", 1, MaxTaps, 31);
        if (taps % 2 == 0)
            throw json.Error(
                $"conv_depthwise_kernel_size {taps}",
                "a number of taps with one in the middle",
                "use another checkpoint"
            );
        var headSize = transformer.Width / transformer.Heads;
        if (isRotary && headSize % 2 != 0)
            throw json.Error(
                $"rotary positions with {headSize} features per head",
                "an even number of features per head",
                "download the file again"
            );
        return new()
        {
            Convolutions = convolutions,
            Projection = new(convolutions.Channels, transformer.Width, transformer.Epsilon),
            Shape = new(
                transformer.Width,
                transformer.Heads,
                transformer.FeedForwardWidth,
                transformer.Activation,
                NormEpsilon,
                taps,
                IsCausal: false
            ),
            Epsilon = transformer.Epsilon,
            IsRotary = isRotary,
            RotaryBase = isRotary ? json.GetInt32("rotary_embedding_base", 2, MaxBase, 10_000) : 10_000,
            Layers = json.GetInt32("num_hidden_layers", 1, MaxLayers, 12),
            IsSpeechRecognizer = SpeechRecognizer.IsDescribedBy(json),
        };
    }

    private static string ReadPositions(JsonCursor json)
    {
        if (json.Find("position_embeddings_type") is { IsNull: true })
            throw CreateError("null");
        var type = json.GetString("position_embeddings_type", "relative");
        return type is "relative" or "rotary" ? type : throw CreateError($"'{type}'");

        InvalidFileException CreateError(string found) =>
            json.Error($"position_embeddings_type {found}", "relative or rotary", "use another checkpoint");
    }
}
