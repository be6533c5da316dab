using AttnCrnn.Testing.Encoders.References.Shapes;

namespace AttnCrnn.Testing.Encoders.References;

/// <summary>wav2vec2-conformer in float64 and plain loops, with relative or rotary positions.</summary>
/// <param name="tensors">By name without the prefix.</param>
internal sealed class ConformerReference(ConformerShape shape, IReadOnlyDictionary<string, double[]> tensors)
{
    private readonly Float64Layers layers = new(tensors);
    private readonly Func<double, double> activation = Float64Layers.GetActivation(shape.Activation);
    private readonly int headSize = shape.Width / shape.Heads;

    /// <summary>Encodes a clip at 16 kHz.</summary>
    public ReferenceStates Encode(float[] waveform)
    {
        var x = new WaveformLayers(shape, layers).ProjectedFeatures(waveform);
        List<double[][]> states = [x];
        for (var i = 0; i < shape.Layers; i++)
            states.Add(x = Layer(x, $"encoder.layers.{i}"));
        return new([.. states], layers.LayerNorm(x, "encoder.layer_norm", shape.NormEpsilon));
    }

    private double[][] Layer(double[][] x, string path)
    {
        x = x.Add(HalfFeedForward(x, $"{path}.ffn1"));
        x = x.Add(Attention(layers.LayerNorm(x, $"{path}.self_attn_layer_norm"), $"{path}.self_attn"));
        x = x.Add(Convolution(x, $"{path}.conv_module"));
        x = x.Add(HalfFeedForward(x, $"{path}.ffn2"));
        return layers.LayerNorm(x, $"{path}.final_layer_norm");
    }

    private double[][] HalfFeedForward(double[][] x, string path) =>
        layers.FeedForward(layers.LayerNorm(x, $"{path}_layer_norm"), path, activation).Map(value => value / 2);

    private double[][] Convolution(double[][] x, string path)
    {
        x = layers.LayerNorm(x, $"{path}.layer_norm");
        x = Float64Layers.Gate(layers.Linear(x, $"{path}.pointwise_conv1"));
        var depthwise = ConvolutionShape.CreateSame(shape.DepthwiseTaps, shape.Width);
        x = layers.Convolution(x, $"{path}.depthwise_conv", depthwise);
        x = layers.BatchNorm(x, $"{path}.batch_norm").Map(activation);
        return layers.Linear(x, $"{path}.pointwise_conv2");
    }

    private double[][] Attention(double[][] x, string path)
    {
        var rotated = shape.IsRotary ? Rotate(x) : x;
        var queries = layers.Linear(rotated, $"{path}.linear_q");
        var keys = layers.Linear(rotated, $"{path}.linear_k");
        var values = layers.Linear(x, $"{path}.linear_v");
        var bias = shape.IsRotary ? null : RelativeScores(queries, keys, path);
        return layers.Linear(Float64Layers.Attention(queries, keys, values, shape.Heads, bias), $"{path}.linear_out");
    }

    // Rotates the pairs (i, i + half) of each head by the frame's index times a frequency.
    private double[][] Rotate(double[][] x)
    {
        var half = headSize / 2;
        var result = Array.ConvertAll(x, row => new double[row.Length]);
        for (var t = 0; t < x.Length; t++)
        for (var head = 0; head < shape.Heads; head++)
        for (var i = 0; i < half; i++)
        {
            var angle = t * Math.Pow(shape.RotaryBase, -2.0 * i / headSize);
            var first = (head * headSize) + i;
            var second = first + half;
            result[t][first] = (x[t][first] * Math.Cos(angle)) - (x[t][second] * Math.Sin(angle));
            result[t][second] = (x[t][second] * Math.Cos(angle)) + (x[t][first] * Math.Sin(angle));
        }
        return result;
    }

    // ((q_i + v) p_{i-j} + u k_j) / sqrt(head size): what Transformer-XL adds to the scaled product of q_i and k_j.
    private double[][][] RelativeScores(double[][] queries, double[][] keys, string path)
    {
        var count = queries.Length;
        double[][] sinusoids = [.. Enumerable.Range(1 - count, (2 * count) - 1).Select(Sinusoids)];
        var positions = layers.Linear(sinusoids, $"{path}.linear_pos");
        var contentBias = layers[$"{path}.pos_bias_u"];
        var positionBias = layers[$"{path}.pos_bias_v"];
        return Float64Layers.CreateBias(shape.Heads, count, (head, i, j) =>
        {
            var score = 0.0;
            for (var c = head * headSize; c < (head + 1) * headSize; c++)
            {
                score += (queries[i][c] + positionBias[c]) * positions[i - j + count - 1][c];
                score += contentBias[c] * keys[j][c];
            }
            return score / Math.Sqrt(headSize);
        });
    }

    private double[] Sinusoids(int offset) =>
        [
            .. Enumerable
                .Range(0, shape.Width)
                .Select(i =>
                {
                    var angle = offset * Math.Exp(-(i / 2 * 2) * Math.Log(10_000) / shape.Width);
                    return i % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle);
                }),
        ];
}
