using AttnCrnn.Encoders.Transformers.Layers;
using AttnCrnn.IO;

namespace AttnCrnn.Encoders.Transformers.Wav2Vec2Bert;

/// <summary>The network settings of a checkpoint's config.json, under transformers' names.</summary>
internal sealed record Wav2Vec2BertConfig
{
    private const int MaxLayers = 1000;
    private const int MaxWidth = 1 << 16;

    public required FeatureProjection Projection { get; init; }

    public required ConformerShape Shape { get; init; }

    /// <summary>Distance in frames from which all earlier keys have the same position.</summary>
    public required int MaxLeft { get; init; }

    /// <summary>Distance in frames from which all later keys have the same position.</summary>
    public required int MaxRight { get; init; }

    public required int Layers { get; init; }

    /// <summary>Whether the model was fine-tuned for speech recognition.</summary>
    public required bool IsSpeechRecognizer { get; init; }

    /// <summary>Reads a config.json.</summary>
    /// <exception cref="InvalidFileException">A setting is not supported, or does not fit the features.</exception>
    public static Wav2Vec2BertConfig Read(JsonCursor json, FilterBankSettings features)
    {
        RefuseUnsupported(json);
        var shape = new ConformerShape(
            json.GetInt32("hidden_size", 1, MaxWidth, 1024),
            json.GetInt32("num_attention_heads", 1, MaxWidth, 16),
            json.GetInt32("intermediate_size", 1, MaxWidth, 4096),
            SpeechActivation.Read(json, "hidden_act", "swish"),
            NormEpsilon.Read(json, "layer_norm_eps"),
            json.GetInt32("conv_depthwise_kernel_size", 1, MaxWidth, 31),
            IsCausal: true
        );
        TransformerShape.RequireHeads(json, shape.Width, shape.Heads);
        var inputs = json.GetInt32("feature_projection_input_dim", 1, MaxWidth, 160);
        if (inputs != features.Bands * FilterBankSettings.Stride)
            throw json.Error(
                $"feature_projection_input_dim {inputs}",
                $"{FilterBankSettings.Stride} frames of {features.Bands} mel bands, as the preprocessor computes them",
                "download both files again"
            );
        return new()
        {
            Projection = new(inputs, shape.Width, shape.NormEpsilon),
            Shape = shape,
            MaxLeft = json.GetInt32("left_max_position_embeddings", 0, MaxWidth, 64),
            MaxRight = json.GetInt32("right_max_position_embeddings", 0, MaxWidth, 8),
            Layers = json.GetInt32("num_hidden_layers", 1, MaxLayers, 24),
            IsSpeechRecognizer = SpeechRecognizer.IsDescribedBy(json),
        };
    }

    private static void RefuseUnsupported(JsonCursor json)
    {
        Adapters.Refuse(json);
        if (json.GetBoolean("use_intermediate_ffn_before_adapter", false))
            throw json.Error(
                "use_intermediate_ffn_before_adapter",
                "a network without an adapter",
                "adapters are not supported: use the base checkpoint"
            );
        const string expected = "relative_key";
        if (json.Find("position_embeddings_type") is { } value && value.AsString() != expected)
            throw json.Error($"position_embeddings_type {value.FormatValue()}", expected, "use another checkpoint");
    }
}
