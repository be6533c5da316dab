using MathNet.Numerics;

namespace AttnCrnn.Tests.Encoders.Transformers.Whisper;

/// <summary>
/// Whisper's log-mel spectrogram and encoder in float64 and plain loops, from the published description and not from
/// the program's code; itself tested against transformers.
/// </summary>
/// <param name="tensors">By name without the prefix.</param>
internal sealed class WhisperReference(WhisperShape shape, IReadOnlyDictionary<string, double[]> tensors)
{
    private const int WindowLength = 400,
        HopLength = 160,
        Bins = 201;
    private const double NormEpsilon = 1e-5;

    private static readonly double[] Turns =
    [
        .. Enumerable.Range(0, WindowLength).Select(i => 2 * Math.PI * i / WindowLength),
    ];

    private static readonly double[] Cosines = Array.ConvertAll(Turns, Math.Cos);
    private static readonly double[] Sines = Array.ConvertAll(Turns, Math.Sin);

    /// <summary>The log-mel spectrogram of a whole window.</summary>
    /// <returns>[samples / 160][bands].</returns>
    public static double[][] LogMel(float[] window, int bands)
    {
        var filters = MelFilters(bands);
        var frames = Enumerable
            .Range(0, window.Length / HopLength)
            .Select(frame =>
            {
                var powers = Powers(window, (frame * HopLength) - (WindowLength / 2));
                return filters.Select(filter => Math.Log10(Math.Max(Dot(filter, powers), 1e-10))).ToArray();
            })
            .ToArray();
        var floor = frames.Max(frame => frame.Max()) - 8;
        return [.. frames.Select(frame => frame.Select(value => (Math.Max(value, floor) + 4) / 4).ToArray())];
    }

    /// <summary>The input of each layer, then the output of the last one, before the final norm.</summary>
    /// <param name="logMel">[mel frames][bands].</param>
    /// <returns>[layers + 1][frames][width].</returns>
    public double[][][] HiddenStates(double[][] logMel)
    {
        var x = Convolution(Convolution(logMel, "conv1", shape.Bands, stride: 1), "conv2", shape.Width, stride: 2);
        var positions = tensors["embed_positions.weight"];
        for (var t = 0; t < x.Length; t++)
        for (var i = 0; i < shape.Width; i++)
            x[t][i] += positions[(t * shape.Width) + i];
        List<double[][]> states = [x];
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            x = Sum(x, Attention(Norm(x, $"layers.{layer}.self_attn_layer_norm"), $"layers.{layer}.self_attn"));
            x = Sum(x, FeedForward(Norm(x, $"layers.{layer}.final_layer_norm"), $"layers.{layer}"));
            states.Add(x);
        }
        return [.. states];
    }

    /// <summary>The output after the encoder's final norm, [frames][width].</summary>
    public double[][] LastHiddenState(double[][] logMel) => Norm(HiddenStates(logMel)[^1], "layer_norm");

    private static double[] Powers(float[] samples, int first)
    {
        var windowed = new double[WindowLength];
        for (var n = 0; n < WindowLength; n++)
            windowed[n] = (0.5 - (0.5 * Cosines[n])) * samples[Reflect(first + n, samples.Length)];
        var powers = new double[Bins];
        if (Array.TrueForAll(windowed, value => value == 0))
            return powers;
        for (var k = 0; k < Bins; k++)
        {
            var (real, imaginary) = (0.0, 0.0);
            for (int n = 0, turn = 0; n < WindowLength; n++, turn += k)
            {
                if (turn >= WindowLength)
                    turn -= WindowLength;
                real += windowed[n] * Cosines[turn];
                imaginary -= windowed[n] * Sines[turn];
            }
            powers[k] = (real * real) + (imaginary * imaginary);
        }
        return powers;
    }

    // Reflected at the first and the last sample, which are not repeated; several times if there are few samples.
    private static int Reflect(int index, int length)
    {
        if (length == 1)
            return 0;
        while (index < 0 || index >= length)
            index = index < 0 ? -index : (2 * (length - 1)) - index;
        return index;
    }

    private static double[][] MelFilters(int bands)
    {
        static double Hertz(double mel) => mel < 15 ? 200 * mel / 3 : 1000 * Math.Exp((mel - 15) * Math.Log(6.4) / 27);
        var top = 15 + (Math.Log(8000.0 / 1000) * 27 / Math.Log(6.4));
        double[] edges = [.. Enumerable.Range(0, bands + 2).Select(i => Hertz(top * i / (bands + 1)))];
        return
        [
            .. Enumerable
                .Range(0, bands)
                .Select(band =>
                    Enumerable
                        .Range(0, Bins)
                        .Select(bin =>
                        {
                            var (left, center, right, hertz) = (
                                edges[band],
                                edges[band + 1],
                                edges[band + 2],
                                bin * 8000.0 / 200
                            );
                            var height = Math.Min((hertz - left) / (center - left), (right - hertz) / (right - center));
                            return Math.Max(0, height) * 2 / (right - left);
                        })
                        .ToArray()
                ),
        ];
    }

    // Three taps, one row of zeros at both ends, then always the exact GELU.
    private double[][] Convolution(double[][] x, string path, int channels, int stride)
    {
        var (kernel, bias) = (tensors[$"{path}.weight"], tensors[$"{path}.bias"]);
        var result = new double[((x.Length - 1) / stride) + 1][];
        for (var t = 0; t < result.Length; t++)
        {
            result[t] = [.. bias];
            for (var tap = 0; tap < 3; tap++)
            {
                var inputSize = (t * stride) + tap - 1;
                if (inputSize < 0 || inputSize >= x.Length)
                    continue;
                for (var i = 0; i < shape.Width; i++)
                for (var channel = 0; channel < channels; channel++)
                    result[t][i] += kernel[(((i * channels) + channel) * 3) + tap] * x[inputSize][channel];
            }
            for (var i = 0; i < shape.Width; i++)
                result[t][i] = Gelu(result[t][i]);
        }
        return result;
    }

    private double[][] Attention(double[][] x, string path)
    {
        var queries = Linear(x, $"{path}.q_proj");
        var keys = Linear(x, $"{path}.k_proj");
        var values = Linear(x, $"{path}.v_proj");
        var size = shape.Width / shape.Heads;
        var attended = Array.ConvertAll(x, _ => new double[shape.Width]);
        var weights = new double[x.Length];
        for (var head = 0; head < shape.Heads; head++)
        for (var t = 0; t < x.Length; t++)
        {
            for (var s = 0; s < x.Length; s++)
            {
                weights[s] = 0;
                for (var i = head * size; i < (head + 1) * size; i++)
                    weights[s] += queries[t][i] * keys[s][i];
                weights[s] /= Math.Sqrt(size);
            }
            Softmax(weights);
            for (var s = 0; s < x.Length; s++)
            for (var i = head * size; i < (head + 1) * size; i++)
                attended[t][i] += weights[s] * values[s][i];
        }
        return Linear(attended, $"{path}.out_proj");
    }

    private double[][] FeedForward(double[][] x, string path)
    {
        var hidden = Linear(x, $"{path}.fc1");
        return Linear([.. hidden.Select(row => Array.ConvertAll(row, Activation))], $"{path}.fc2");
    }

    private double[][] Linear(double[][] x, string path)
    {
        var weight = tensors[$"{path}.weight"];
        var inputSize = x[0].Length;
        var bias = tensors.TryGetValue($"{path}.bias", out var values) ? values : new double[weight.Length / inputSize];
        return
        [
            .. x.Select(row =>
                bias.Select((value, outputSize) => value + Dot(row, weight.AsSpan(outputSize * inputSize, inputSize)))
                    .ToArray()
            ),
        ];
    }

    private double[][] Norm(double[][] x, string path)
    {
        var (weight, bias) = (tensors[$"{path}.weight"], tensors[$"{path}.bias"]);
        return
        [
            .. x.Select(row =>
            {
                var mean = row.Average();
                var standardDeviation = Math.Sqrt(row.Average(value => (value - mean) * (value - mean)) + NormEpsilon);
                return row.Select((value, i) => ((value - mean) / standardDeviation * weight[i]) + bias[i]).ToArray();
            }),
        ];
    }

    private double Activation(double x) =>
        shape.Activation switch
        {
            "gelu" => Gelu(x),
            "gelu_new" or "gelu_fast" or "gelu_pytorch_tanh" => TanhGelu(x),
            "relu" => Math.Max(0, x),
            "silu" or "swish" => x / (1 + Math.Exp(-x)),
            _ => throw new InvalidOperationException(shape.Activation),
        };

    private static double TanhGelu(double x) =>
        0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))));

    private static double Gelu(double x) => 0.5 * x * (1 + SpecialFunctions.Erf(x / Math.Sqrt(2)));

    private static void Softmax(double[] values)
    {
        var (max, sum) = (values.Max(), 0.0);
        for (var i = 0; i < values.Length; i++)
            sum += values[i] = Math.Exp(values[i] - max);
        for (var i = 0; i < values.Length; i++)
            values[i] /= sum;
    }

    private static double[][] Sum(double[][] a, double[][] b) =>
        [.. a.Zip(b, (x, y) => x.Zip(y, (p, q) => p + q).ToArray())];

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
