using AttnCrnn.Testing.Encoders.References.Shapes;

namespace AttnCrnn.Testing.Encoders.References;

/// <summary>SEW in float64 and plain loops: its layers process one frame for several frames of the output.</summary>
/// <param name="tensors">By name without the prefix.</param>
internal sealed class SewReference(SewShape shape, IReadOnlyDictionary<string, double[]> tensors)
{
    private readonly Float64Layers layers = new(tensors);

    /// <summary>Encodes a clip at 16 kHz.</summary>
    /// <returns>Hidden states at the squeezed rate; the last hidden state at the full rate.</returns>
    public ReferenceStates Encode(float[] waveform)
    {
        var waveformLayers = new WaveformLayers(shape, layers);
        var x = waveformLayers.Norm(waveformLayers.Features(waveform), "layer_norm");
        if (shape.HasProjection)
            x = layers.Linear(x, "feature_projection");
        var positions = waveformLayers.Positions(x, shape.SqueezeFactor);
        // Zip in Add stops at the shorter one.
        var squeezed = waveformLayers.Norm(Pool(x).Add(positions), "encoder.layer_norm");
        var states = waveformLayers.PostNormStates(squeezed);
        return new(states, Upsample(states[^1], x.Length));
    }

    // The mean of each group of frames, without the remainder.
    private double[][] Pool(double[][] x) =>
        [
            .. Enumerable
                .Range(0, x.Length / shape.SqueezeFactor)
                .Select(t =>
                    Enumerable
                        .Range(0, shape.Width)
                        .Select(i =>
                            x.Skip(t * shape.SqueezeFactor).Take(shape.SqueezeFactor).Average(frame => frame[i])
                        )
                        .ToArray()
                ),
        ];

    private double[][] Upsample(double[][] x, int count)
    {
        var activation = Float64Layers.GetActivation(shape.ConvolutionActivation);
        var frames = layers
            .Linear(x, "encoder.upsample.projection")
            .Map(activation)
            .SelectMany(row => row.Chunk(shape.Width))
            .ToList();
        while (frames.Count < count)
            frames.Add(new double[shape.Width]);
        return [.. frames];
    }
}
