using MathNet.Numerics;

namespace AttnCrnn.Testing.Encoders.References;

/// <summary>Layers of neural networks in float64 and plain loops. Matrices are [time][width].</summary>
/// <param name="tensors">Weights by name without the prefix.</param>
internal sealed class Float64Layers(IReadOnlyDictionary<string, double[]> tensors)
{
    /// <summary>The epsilon of PyTorch's norms.</summary>
    public const double DefaultEpsilon = 1e-5;

    /// <summary>The weights of a name.</summary>
    public double[] this[string name] => tensors[name];

    /// <summary>A linear layer; without a bias if the checkpoint has none.</summary>
    public double[][] Linear(double[][] x, string path) =>
        Linear(x, tensors[$"{path}.weight"], tensors.GetValueOrDefault($"{path}.bias"));

    /// <summary>A norm over the values of a frame.</summary>
    public double[][] LayerNorm(double[][] x, string path, double epsilon = DefaultEpsilon) =>
        LayerNorm(x, tensors[$"{path}.weight"], tensors[$"{path}.bias"], epsilon);

    /// <summary>A norm over the frames of a channel: a group norm of one channel per group.</summary>
    public double[][] ChannelNorm(double[][] x, string path) =>
        Transpose(LayerNorm(Transpose(x), weight: null, bias: null))
            .Affine(tensors[$"{path}.weight"], tensors[$"{path}.bias"]);

    /// <summary>A batch norm with its running statistics.</summary>
    public double[][] BatchNorm(double[][] x, string path)
    {
        var mean = tensors[$"{path}.running_mean"];
        var variance = tensors[$"{path}.running_var"];
        var normalized = Array.ConvertAll(x, row =>
            row.Select((value, i) => (value - mean[i]) / Math.Sqrt(variance[i] + DefaultEpsilon)).ToArray()
        );
        return normalized.Affine(tensors[$"{path}.weight"], tensors[$"{path}.bias"]);
    }

    /// <summary>A convolution; without a bias if the checkpoint has none.</summary>
    public double[][] Convolution(double[][] x, string path, ConvolutionShape shape) =>
        Convolution(x, tensors[$"{path}.weight"], tensors.GetValueOrDefault($"{path}.bias"), shape);

    /// <summary>A weight-normalized convolution: each tap has the norm weight_g over all channels.</summary>
    public double[][] NormalizedConvolution(double[][] x, string path, ConvolutionShape shape)
    {
        var kernel = NormalizeTaps(tensors[$"{path}.weight_g"], tensors[$"{path}.weight_v"]);
        return Convolution(x, kernel, tensors[$"{path}.bias"], shape);
    }

    /// <summary>Two linear layers with an activation between them.</summary>
    public double[][] FeedForward(double[][] x, string path, Func<double, double> activation) =>
        Linear(Linear(x, $"{path}.intermediate_dense").Map(activation), $"{path}.output_dense");

    /// <summary>A norm without weights if these are null.</summary>
    public static double[][] LayerNorm(
        double[][] x,
        double[]? weight,
        double[]? bias,
        double epsilon = DefaultEpsilon
    ) => Array.ConvertAll(x, row =>
        {
            var mean = row.Average();
            var deviation = Math.Sqrt(row.Average(value => (value - mean) * (value - mean)) + epsilon);
            return row.Select((value, i) => ((value - mean) / deviation * (weight?[i] ?? 1)) + (bias?[i] ?? 0))
                .ToArray();
        });

    /// <summary>Scaled dot-product attention of several heads.</summary>
    /// <param name="q">Queries, [time][heads x head size].</param>
    /// <param name="k">Keys.</param>
    /// <param name="v">Values.</param>
    /// <param name="bias">[heads][query][key], added to the scaled scores; null: none.</param>
    public static double[][] Attention(double[][] q, double[][] k, double[][] v, int heads, double[][][]? bias = null)
    {
        var size = q[0].Length / heads;
        var result = Array.ConvertAll(q, row => new double[row.Length]);
        var weights = new double[k.Length];
        for (var head = 0; head < heads; head++)
        for (var i = 0; i < q.Length; i++)
        {
            for (var j = 0; j < k.Length; j++)
            {
                var score = Dot(q[i].AsSpan(head * size, size), k[j].AsSpan(head * size, size));
                weights[j] = (score / Math.Sqrt(size)) + (bias?[head][i][j] ?? 0);
            }
            Softmax(weights);
            for (var j = 0; j < k.Length; j++)
            for (var c = head * size; c < (head + 1) * size; c++)
                result[i][c] += weights[j] * v[j][c];
        }
        return result;
    }

    /// <summary>An additive bias of attention from a function of head, query and key.</summary>
    /// <returns>[heads][query][key].</returns>
    public static double[][][] CreateBias(int heads, int count, Func<int, int, int, double> value) =>
        [
            .. Enumerable
                .Range(0, heads)
                .Select(head =>
                    Enumerable
                        .Range(0, count)
                        .Select(i => Enumerable.Range(0, count).Select(j => value(head, i, j)).ToArray())
                        .ToArray()
                ),
        ];

    /// <summary>The exact GELU.</summary>
    public static double Gelu(double x) => 0.5 * x * (1 + SpecialFunctions.Erf(x / Math.Sqrt(2)));

    /// <summary>Swish, also named SiLU.</summary>
    public static double Swish(double x) => x * Sigmoid(x);

    /// <summary>The activation of a name in config.json.</summary>
    public static Func<double, double> GetActivation(string name) =>
        name switch
        {
            "gelu" => Gelu,
            "swish" or "silu" => Swish,
            "relu" => x => Math.Max(0, x),
            _ => throw new ArgumentException($"no activation {name}", nameof(name)),
        };

    /// <summary>The first half of the values, each multiplied by the sigmoid of its value in the second half.</summary>
    public static double[][] Gate(double[][] x) =>
        Array.ConvertAll(x, row =>
            row[..(row.Length / 2)].Zip(row[(row.Length / 2)..], (a, b) => a * Sigmoid(b)).ToArray()
        );

    /// <summary>Subtracts a clip's mean and divides by its standard deviation.</summary>
    /// <param name="epsilon">Added to the variance.</param>
    public static double[] Standardize(float[] waveform, double epsilon) =>
        LayerNorm([Array.ConvertAll(waveform, value => (double)value)], weight: null, bias: null, epsilon)[0];

    /// <summary>The sum of products.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static double[][] Linear(double[][] x, double[] weight, double[]? bias)
    {
        var inputs = x.Length == 0 ? 1 : x[0].Length;
        var outputs = weight.Length / inputs;
        return Array.ConvertAll(x, row =>
            Enumerable
                .Range(0, outputs)
                .Select(output => Dot(row, weight.AsSpan(output * inputs, inputs)) + (bias?[output] ?? 0))
                .ToArray()
        );
    }

    private static double[][] Convolution(double[][] x, double[] kernel, double[]? bias, ConvolutionShape shape)
    {
        var inputs = x[0].Length / shape.Groups;
        var outputs = kernel.Length / (inputs * shape.Taps);
        var last = (x.Length + shape.Left + shape.Right - shape.Taps) / shape.Stride;
        var count = shape.OmitsLast ? last : last + 1;
        var result = new double[count][];
        for (var t = 0; t < count; t++)
        {
            result[t] = new double[outputs];
            for (var output = 0; output < outputs; output++)
            {
                var firstChannel = output / (outputs / shape.Groups) * inputs;
                var sum = bias?[output] ?? 0;
                for (var tap = 0; tap < shape.Taps; tap++)
                {
                    var frame = (t * shape.Stride) + tap - shape.Left;
                    if (frame < 0 || frame >= x.Length)
                        continue;
                    for (var channel = 0; channel < inputs; channel++)
                        sum +=
                            kernel[(((output * inputs) + channel) * shape.Taps) + tap]
                            * x[frame][firstChannel + channel];
                }
                result[t][output] = sum;
            }
        }
        return result;
    }

    private static double[] NormalizeTaps(double[] norms, double[] kernel)
    {
        var squares = new double[norms.Length];
        for (var i = 0; i < kernel.Length; i++)
            squares[i % norms.Length] += kernel[i] * kernel[i];
        return [.. kernel.Select((value, i) => value * norms[i % norms.Length] / Math.Sqrt(squares[i % norms.Length]))];
    }

    private static double[][] Transpose(double[][] x) =>
        [.. Enumerable.Range(0, x[0].Length).Select(i => Array.ConvertAll(x, row => row[i]))];

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static void Softmax(double[] values)
    {
        var max = values.Max();
        for (var i = 0; i < values.Length; i++)
            values[i] = Math.Exp(values[i] - max);
        var sum = values.Sum();
        for (var i = 0; i < values.Length; i++)
            values[i] /= sum;
    }
}
