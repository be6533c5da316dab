using AttnCrnn.Encoders.Transformers.Layers;
using AttnCrnn.IO;

namespace AttnCrnn.Encoders.Transformers.Sew;

/// <summary>The network settings of a checkpoint's config.json, under transformers' names.</summary>
internal sealed record SewConfig
{
    private const int MaxLayers = 1000;
    private const int MaxSqueeze = 1000;

    public required WaveformConvolutions Convolutions { get; init; }

    public required TransformerShape Transformer { get; init; }

    public required PositionConvolution Positions { get; init; }

    /// <summary>Frames of the convolutions per frame of the layers.</summary>
    public required int Squeeze { get; init; }

    public required int Layers { get; init; }

    /// <summary>Whether the model was fine-tuned for speech recognition.</summary>
    public required bool IsSpeechRecognizer { get; init; }

    /// <summary>Reads a config.json.</summary>
    /// <exception cref="InvalidFileException">A setting is not supported.</exception>
    public static SewConfig Read(JsonCursor json)
    {
        Adapters.Refuse(json);
        var convolutions = WaveformConvolutions.Read(json, hasDefaults: false); // SEW has thirteen
        var transformer = TransformerShape.Read(json) with { NormsFirst = false };
        var squeeze = json.GetInt32("squeeze_factor", 1, MaxSqueeze, 2);
        if (convolutions.Hop * squeeze > WaveformConvolutions.MaxFrameSamples)
            throw json.Error(
                $"squeeze_factor {squeeze} with {convolutions.Hop} samples from one frame to the next",
                $"at most {WaveformConvolutions.MaxFrameSamples} samples per group of frames",
                "download the file again, or use another checkpoint"
            );
        return new()
        {
            Convolutions = convolutions,
            Transformer = transformer,
            Positions = PositionConvolution.Read(json, transformer.Width, convolutions.Activation) with
            {
                Stride = squeeze,
            },
            Squeeze = squeeze,
            Layers = json.GetInt32("num_hidden_layers", 1, MaxLayers, 12),
            IsSpeechRecognizer = SpeechRecognizer.IsDescribedBy(json),
        };
    }
}
