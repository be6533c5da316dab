using AttnCrnn.Testing.Encoders.References.Shapes;

namespace AttnCrnn.Testing.Encoders.References;

/// <summary>
/// The parts of wav2vec 2.0 that its descendants share: convolutions over the samples, and transformer layers.
/// </summary>
internal sealed class WaveformLayers(WaveformShape shape, Float64Layers layers)
{
    private readonly Func<double, double> activation = Float64Layers.GetActivation(shape.Activation);
    private readonly Func<double, double> convolutionActivation = Float64Layers.GetActivation(
        shape.ConvolutionActivation
    );

    /// <summary>The output of the convolutions over the samples.</summary>
    /// <returns>[frames][channels].</returns>
    public double[][] Features(float[] waveform)
    {
        var samples = shape.IsNormalized
            ? Float64Layers.Standardize(waveform, 1e-7)
            : Array.ConvertAll(waveform, value => (double)value);
        var x = Array.ConvertAll(samples, sample => new[] { sample });
        for (var i = 0; i < shape.Strides.Count; i++)
        {
            var path = $"feature_extractor.conv_layers.{i}";
            x = layers.Convolution(x, $"{path}.conv", new(shape.Kernels[i]) { Stride = shape.Strides[i] });
            if (shape.HasLayerNorms)
                x = layers.LayerNorm(x, $"{path}.layer_norm");
            else if (i == 0)
                x = layers.ChannelNorm(x, $"{path}.layer_norm");
            x = x.Map(convolutionActivation);
        }
        return x;
    }

    /// <summary>The features, normalized and projected to the network's width.</summary>
    public double[][] ProjectedFeatures(float[] waveform)
    {
        var normalized = layers.LayerNorm(Features(waveform), "feature_projection.layer_norm", shape.NormEpsilon);
        return layers.Linear(normalized, "feature_projection.projection");
    }

    /// <summary>The weight-normalized convolution that encodes positions.</summary>
    public double[][] Positions(double[][] x, int stride = 1)
    {
        var convolution = ConvolutionShape.CreateSame(shape.PositionTaps, shape.PositionGroups, stride);
        return layers.NormalizedConvolution(x, "encoder.pos_conv_embed.conv", convolution).Map(convolutionActivation);
    }

    /// <summary>All layers, with norms after the residual sums.</summary>
    /// <returns>The input and the output of each layer.</returns>
    public double[][][] PostNormStates(double[][] x)
    {
        List<double[][]> states = [x];
        for (var i = 0; i < shape.Layers; i++)
        {
            var path = $"encoder.layers.{i}";
            x = Norm(x.Add(Attention(x, path)), $"{path}.layer_norm");
            x = Norm(x.Add(FeedForward(x, path)), $"{path}.final_layer_norm");
            states.Add(x);
        }
        return [.. states];
    }

    /// <summary>All layers, with norms before attention and feed-forward.</summary>
    /// <returns>The input and the output of each layer.</returns>
    public double[][][] PreNormStates(double[][] x)
    {
        List<double[][]> states = [x];
        for (var i = 0; i < shape.Layers; i++)
        {
            var path = $"encoder.layers.{i}";
            x = x.Add(Attention(Norm(x, $"{path}.layer_norm"), path));
            x = x.Add(FeedForward(Norm(x, $"{path}.final_layer_norm"), path));
            states.Add(x);
        }
        return [.. states];
    }

    /// <summary>A norm with the epsilon of the configuration.</summary>
    public double[][] Norm(double[][] x, string path) => layers.LayerNorm(x, path, shape.NormEpsilon);

    private double[][] Attention(double[][] x, string path)
    {
        var queries = layers.Linear(x, $"{path}.attention.q_proj");
        var keys = layers.Linear(x, $"{path}.attention.k_proj");
        var values = layers.Linear(x, $"{path}.attention.v_proj");
        var attended = Float64Layers.Attention(queries, keys, values, shape.Heads);
        return layers.Linear(attended, $"{path}.attention.out_proj");
    }

    private double[][] FeedForward(double[][] x, string path) =>
        layers.FeedForward(x, $"{path}.feed_forward", activation);
}
