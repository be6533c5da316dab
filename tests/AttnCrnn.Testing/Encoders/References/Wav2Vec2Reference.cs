using AttnCrnn.Testing.Encoders.References.Shapes;

namespace AttnCrnn.Testing.Encoders.References;

/// <summary>
/// wav2vec 2.0, UniSpeech and UniSpeech-SAT in float64 and plain loops; with post-norm layers, or with pre-norm layers
/// and a final norm.
/// </summary>
/// <param name="tensors">By name without the prefix.</param>
internal sealed class Wav2Vec2Reference(Wav2Vec2Shape shape, IReadOnlyDictionary<string, double[]> tensors)
{
    private readonly WaveformLayers layers = new(shape, new(tensors));

    /// <summary>Encodes a clip at 16 kHz.</summary>
    public ReferenceStates Encode(float[] waveform)
    {
        var x = layers.ProjectedFeatures(waveform);
        x = x.Add(layers.Positions(x));
        if (shape.IsStable)
        {
            var states = layers.PreNormStates(x);
            return new(states, layers.Norm(states[^1], "encoder.layer_norm"));
        }
        var normalizedStates = layers.PostNormStates(layers.Norm(x, "encoder.layer_norm"));
        return new(normalizedStates, normalizedStates[^1]);
    }
}
