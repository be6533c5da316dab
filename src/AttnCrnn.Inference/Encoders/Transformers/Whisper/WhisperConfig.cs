using AttnCrnn.Audio;
using AttnCrnn.Encoders.Transformers.Layers;
using AttnCrnn.IO;

namespace AttnCrnn.Encoders.Transformers.Whisper;

/// <summary>
/// The encoder settings of a Whisper checkpoint's config.json, under transformers' names. Decoder settings are ignored.
/// </summary>
internal sealed record WhisperConfig
{
    private const int MaxLayers = 1000;
    private const int MaxWidth = 1 << 16;
    private const int MaxPositions = 1 << 16;

    /// <summary>d_model.</summary>
    public required int Width { get; init; }

    /// <summary>encoder_layers.</summary>
    public required int Layers { get; init; }

    /// <summary>encoder_attention_heads.</summary>
    public required int Heads { get; init; }

    /// <summary>encoder_ffn_dim.</summary>
    public required int FeedForward { get; init; }

    /// <summary>num_mel_bins: 80, or 128 from large-v3 on.</summary>
    public required int MelBands { get; init; }

    /// <summary>max_source_positions: frames of the window, 1500 for 30 s.</summary>
    public required int Positions { get; init; }

    /// <summary>activation_function of the feed-forward layers; the convolutions always use the exact GELU.</summary>
    public required string Activation { get; init; }

    /// <summary>The window in samples.</summary>
    public int WindowSamples => Positions * WhisperNetwork.HopSamples;

    /// <summary>Reads a config.json; missing settings have transformers' defaults, those of Whisper tiny.</summary>
    /// <exception cref="InvalidFileException">A setting is not supported.</exception>
    public static WhisperConfig Read(JsonCursor json)
    {
        var config = new WhisperConfig
        {
            Width = json.GetInt32("d_model", 1, MaxWidth, 384),
            Layers = json.GetInt32("encoder_layers", 1, MaxLayers, 4),
            Heads = json.GetInt32("encoder_attention_heads", 1, MaxWidth, 6),
            FeedForward = json.GetInt32("encoder_ffn_dim", 1, MaxWidth, 1536),
            MelBands = json.GetInt32("num_mel_bins", 1, LogMel.MaxBands, 80),
            Positions = json.GetInt32("max_source_positions", 1, MaxPositions, 1500),
            Activation = SpeechActivation.Read(json, "activation_function"),
        };
        TransformerShape.RequireHeads(json, config.Width, config.Heads, "d_model", "encoder_attention_heads");
        return config;
    }
}
