using AttnCrnn.Encoders.Transformers.Layers;
using AttnCrnn.IO;

namespace AttnCrnn.Encoders.Transformers.Wav2Vec2;

/// <summary>Architectures of the wav2vec 2.0 family.</summary>
internal enum Wav2Vec2Variant
{
    /// <summary>Baevski et al. 2020; also UniSpeech and UniSpeech-SAT, which differ in their training alone.</summary>
    Wav2Vec2,

    /// <summary>Hsu et al. 2021.</summary>
    Hubert,

    /// <summary>Chen et al. 2022: attention with a gated relative position bias.</summary>
    WavLm,
}

/// <summary>The network settings of a checkpoint's config.json, under transformers' names.</summary>
internal sealed record Wav2Vec2Config
{
    private const int MaxLayers = 1000;
    private const int MaxWidth = 1 << 16;

    public required Wav2Vec2Variant Variant { get; init; }

    public required WaveformConvolutions Convolutions { get; init; }

    public required TransformerShape Transformer { get; init; }

    /// <summary>Its layer norm is optional in HuBERT.</summary>
    public required FeatureProjection Projection { get; init; }

    public required PositionConvolution Positions { get; init; }

    public required int Layers { get; init; }

    /// <summary>Number of relative position buckets; WavLM only.</summary>
    public required int Buckets { get; init; }

    /// <summary>Distance in frames from which all distances have the last bucket; WavLM only.</summary>
    public required int MaxBucketDistance { get; init; }

    /// <summary>
    /// Whether the model was fine-tuned for speech recognition (CTC): its last layers encode letters rather than
    /// voices.
    /// </summary>
    public required bool IsSpeechRecognizer { get; init; }

    /// <summary>Feature dimension of a hidden state.</summary>
    public int Width => Transformer.Width;

    /// <summary>Reads a config.json.</summary>
    /// <exception cref="InvalidFileException">A setting is not supported.</exception>
    public static Wav2Vec2Config Read(JsonCursor json)
    {
        var variant = json.GetString("model_type") switch
        {
            "hubert" => Wav2Vec2Variant.Hubert,
            "wavlm" => Wav2Vec2Variant.WavLm,
            _ => Wav2Vec2Variant.Wav2Vec2,
        };
        Adapters.Refuse(json);
        var convolutions = WaveformConvolutions.Read(json);
        var transformer = TransformerShape.Read(json);
        var hasProjectionNorm = variant != Wav2Vec2Variant.Hubert || json.GetBoolean("feat_proj_layer_norm", true);
        return new()
        {
            Variant = variant,
            Convolutions = convolutions,
            Transformer = transformer,
            Projection = new(convolutions.Channels, transformer.Width, transformer.Epsilon, hasProjectionNorm),
            Positions = PositionConvolution.Read(json, transformer.Width, convolutions.Activation),
            Layers = json.GetInt32("num_hidden_layers", 1, MaxLayers, 12),
            Buckets = variant == Wav2Vec2Variant.WavLm ? json.GetInt32("num_buckets", 4, MaxWidth, 320) : 320,
            MaxBucketDistance =
                variant == Wav2Vec2Variant.WavLm ? json.GetInt32("max_bucket_distance", 2, MaxWidth, 800) : 800,
            IsSpeechRecognizer = SpeechRecognizer.IsDescribedBy(json),
        };
    }
}
