using AttnCrnn.Testing.Encoders.References.Shapes;

namespace AttnCrnn.Testing.Encoders.References;

/// <summary>emotion2vec in float64 and plain loops.</summary>
/// <param name="tensors">By name without the prefix.</param>
internal sealed class Emotion2VecReference(Emotion2VecShape shape, IReadOnlyDictionary<string, double[]> tensors)
{
    private const string Audio = "modality_encoders.AUDIO";

    private readonly Float64Layers layers = new(tensors);

    /// <summary>Encodes a clip at 16 kHz.</summary>
    /// <returns>The states without the extra tokens.</returns>
    public ReferenceStates Encode(float[] waveform)
    {
        var x = LocalFeatures(waveform);
        x = x.Add(Positions(x));
        double[][] tokens = [.. layers[$"{Audio}.extra_tokens"].Chunk(shape.Width)];
        x = layers.LayerNorm([.. tokens, .. x], $"{Audio}.context_encoder.norm", shape.NormEpsilon);
        List<double[][]> states = [x[tokens.Length..]];
        var alibi = CreateAlibi(x.Length, tokens.Length);
        for (var i = 0; i < shape.PrenetLayers + shape.Layers; i++)
        {
            var path =
                i < shape.PrenetLayers ? $"{Audio}.context_encoder.blocks.{i}" : $"blocks.{i - shape.PrenetLayers}";
            x = Block(x, ScaleAlibi(alibi, i), path);
            states.Add(x[tokens.Length..]);
        }
        return new([.. states], states[^1]);
    }

    /// <summary>The projected output of the convolutions over the samples, before positions.</summary>
    public double[][] LocalFeatures(float[] waveform)
    {
        var samples = shape.IsNormalized
            ? Float64Layers.Standardize(waveform, 1e-5)
            : Array.ConvertAll(waveform, value => (double)value);
        var x = Array.ConvertAll(samples, sample => new[] { sample });
        var convolutions = shape.Convolutions;
        for (var i = 0; i < convolutions.Count; i++)
        {
            var path = $"{Audio}.local_encoder.conv_layers.{i}";
            x = layers.Convolution(x, $"{path}.0", new(convolutions[i].Taps) { Stride = convolutions[i].Stride });
            if (shape.HasLayerNorms)
                x = layers.LayerNorm(x, $"{path}.2.1");
            else if (i == 0)
                x = layers.ChannelNorm(x, $"{path}.2");
            x = x.Map(Float64Layers.Gelu);
        }
        return layers.Linear(layers.LayerNorm(x, $"{Audio}.project_features.1"), $"{Audio}.project_features.2");
    }

    private double[][] Positions(double[][] x)
    {
        var convolution = ConvolutionShape.CreateSame(shape.PositionTaps, shape.PositionGroups);
        for (var i = 1; i <= shape.PositionLayers; i++)
        {
            x = layers.Convolution(x, $"{Audio}.relative_positional_encoder.{i}.0", convolution);
            x = Float64Layers.LayerNorm(x, weight: null, bias: null).Map(Float64Layers.Gelu);
        }
        return x;
    }

    private double[][] Block(double[][] x, double[][][] bias, string path)
    {
        var projected = layers.Linear(x, $"{path}.attn.qkv");
        var queries = projected.Columns(0, shape.Width);
        var keys = projected.Columns(shape.Width, 2 * shape.Width);
        var values = projected.Columns(2 * shape.Width, 3 * shape.Width);
        var attended = Float64Layers.Attention(queries, keys, values, shape.Heads, bias);
        x = Norm(x.Add(layers.Linear(attended, $"{path}.attn.proj")), $"{path}.norm1");
        var hidden = layers.Linear(x, $"{path}.mlp.fc1").Map(Float64Layers.Gelu);
        return Norm(x.Add(layers.Linear(hidden, $"{path}.mlp.fc2")), $"{path}.norm2");
    }

    private double[][] Norm(double[][] x, string path) => layers.LayerNorm(x, path, shape.NormEpsilon);

    // 0 for every pair with an extra token.
    private double[][][] CreateAlibi(int count, int tokens)
    {
        var slopes = Slopes(shape.Heads);
        return Float64Layers.CreateBias(shape.Heads, count, (head, i, j) =>
            i < tokens || j < tokens ? 0 : -Math.Abs(i - j) * slopes[head]
        );
    }

    private double[][][] ScaleAlibi(double[][][] alibi, int layer)
    {
        var scales = layers[$"{Audio}.alibi_scale"];
        var first = scales.Length == shape.Heads ? 0 : layer * shape.Heads;
        return [.. alibi.Select((rows, head) => rows.Map(value => value * Math.Max(scales[first + head], 0)))];
    }

    private static double[] Slopes(int heads)
    {
        var power = 1;
        while (2 * power <= heads)
            power *= 2;
        double[] slopes = [.. Enumerable.Range(1, power).Select(i => Math.Pow(2, -8.0 * i / power))];
        return power == heads
            ? slopes
            : [.. slopes, .. Slopes(2 * power).Where((_, i) => i % 2 == 0).Take(heads - power)];
    }
}
