using AttnCrnn.Testing.Encoders.References.Shapes;

namespace AttnCrnn.Testing.Encoders.References;

/// <summary>Wav2Vec2-BERT 2.0 in float64 and plain loops.</summary>
/// <param name="tensors">By name without the prefix.</param>
internal sealed class Wav2Vec2BertReference(Wav2Vec2BertShape shape, IReadOnlyDictionary<string, double[]> tensors)
{
    // The lowest float32, which transformers adds to the scores of masked frames.
    private const double Masked = float.MinValue;

    private readonly Float64Layers layers = new(tensors);
    private readonly Func<double, double> activation = Float64Layers.GetActivation(shape.Activation);

    /// <summary>Encodes a clip at 16 kHz.</summary>
    public ReferenceStates Encode(float[] waveform)
    {
        var (features, mask) = SeamlessFeatures.Compute(waveform, shape.Bands, shape.PaddingValue);
        var x = layers.Linear(Norm(features, "feature_projection.layer_norm"), "feature_projection.projection");
        x = Mask(x, mask);
        List<double[][]> states = [x];
        for (var i = 0; i < shape.Layers; i++)
            states.Add(x = Layer(x, mask, $"encoder.layers.{i}"));
        return new([.. states], x);
    }

    private double[][] Layer(double[][] x, bool[] mask, string path)
    {
        x = x.Add(HalfFeedForward(x, $"{path}.ffn1"));
        x = x.Add(Attention(Norm(x, $"{path}.self_attn_layer_norm"), mask, $"{path}.self_attn"));
        x = x.Add(Convolution(x, mask, $"{path}.conv_module"));
        x = x.Add(HalfFeedForward(x, $"{path}.ffn2"));
        return Norm(x, $"{path}.final_layer_norm");
    }

    private double[][] HalfFeedForward(double[][] x, string path) =>
        layers.FeedForward(Norm(x, $"{path}_layer_norm"), path, activation).Map(value => value / 2);

    private double[][] Attention(double[][] x, bool[] mask, string path)
    {
        var queries = layers.Linear(x, $"{path}.linear_q");
        var keys = layers.Linear(x, $"{path}.linear_k");
        var values = layers.Linear(x, $"{path}.linear_v");
        var distances = layers[$"{path}.distance_embedding.weight"];
        var size = shape.Width / shape.Heads;
        var bias = Float64Layers.CreateBias(shape.Heads, x.Length, (head, i, j) =>
        {
            var row = Math.Clamp(j - i, -shape.LeftPositions, shape.RightPositions) + shape.LeftPositions;
            var query = queries[i].AsSpan(head * size, size);
            var score = Float64Layers.Dot(query, distances.AsSpan(row * size, size)) / Math.Sqrt(size);
            return mask[j] ? score : score + Masked;
        });
        return layers.Linear(Float64Layers.Attention(queries, keys, values, shape.Heads, bias), $"{path}.linear_out");
    }

    private double[][] Convolution(double[][] x, bool[] mask, string path)
    {
        x = Mask(Norm(x, $"{path}.layer_norm"), mask);
        x = Float64Layers.Gate(layers.Linear(x, $"{path}.pointwise_conv1"));
        var depthwise = new ConvolutionShape(shape.DepthwiseTaps)
        {
            Groups = shape.Width,
            Left = shape.DepthwiseTaps - 1,
        };
        x = layers.Convolution(x, $"{path}.depthwise_conv", depthwise);
        x = Norm(x, $"{path}.depthwise_layer_norm").Map(activation);
        return layers.Linear(x, $"{path}.pointwise_conv2");
    }

    private double[][] Norm(double[][] x, string path) => layers.LayerNorm(x, path, shape.NormEpsilon);

    private static double[][] Mask(double[][] x, bool[] mask) =>
        [.. x.Select((row, t) => mask[t] ? row : new double[row.Length])];
}
