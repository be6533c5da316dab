using AttnCrnn.Testing.Encoders.References.Shapes;

namespace AttnCrnn.Testing.Encoders.References;

/// <summary>data2vec-audio in float64 and plain loops.</summary>
/// <param name="tensors">By name without the prefix.</param>
internal sealed class Data2VecAudioReference(Data2VecAudioShape shape, IReadOnlyDictionary<string, double[]> tensors)
{
    private readonly Float64Layers layers = new(tensors);

    /// <summary>Encodes a clip at 16 kHz.</summary>
    public ReferenceStates Encode(float[] waveform)
    {
        var waveformLayers = new WaveformLayers(shape, layers);
        var x = waveformLayers.ProjectedFeatures(waveform);
        x = waveformLayers.Norm(x.Add(Positions(x)), "encoder.layer_norm");
        var states = waveformLayers.PostNormStates(x);
        return new(states, states[^1]);
    }

    // Convolutions one after another, each followed by a norm without weights.
    private double[][] Positions(double[][] x)
    {
        var activation = Float64Layers.GetActivation(shape.ConvolutionActivation);
        var convolution = ConvolutionShape.CreateSame(shape.PositionTaps, shape.PositionGroups);
        for (var i = 0; i < shape.PositionLayers; i++)
        {
            x = layers.Convolution(x, $"encoder.pos_conv_embed.layers.{i}.conv", convolution);
            x = Float64Layers.LayerNorm(x, weight: null, bias: null).Map(activation);
        }
        return x;
    }
}
