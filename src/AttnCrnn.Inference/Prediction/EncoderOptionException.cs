using AttnCrnn.Encoders;
using AttnCrnn.Options;

namespace AttnCrnn.Prediction;

/// <summary>Layers of an encoder are chosen for a model that determines them itself, or without the encoder.</summary>
public sealed class EncoderOptionException : InvalidInputException
{
    internal EncoderOptionException(string layers, EncoderDescription expected)
        : base(
            expected.IsUnknown
                ? OptionText.Create(
                    $"{OptionKeys.Layers} {layers}: the encoder is missing, and the model does not record it; specify "
                        + $"it as well"
                )
                : OptionText.Create(
                    $"{OptionKeys.Layers} {layers}: the model already has its encoder, {expected}; omit them"
                )
        )
    {
        Layers = layers;
        Expected = expected;
    }

    /// <summary>The layers that were chosen.</summary>
    public string Layers { get; }

    /// <summary>The encoder of the model.</summary>
    public EncoderDescription Expected { get; }
}
