using System.Text.Json;

namespace AttnCrnn.Tests.Export.Safetensors;

/// <summary>
/// The network that a model's JSON file declares, as another program would build it from docs/models.md: plain loops
/// over the declared layers, in float64, without dropout. It knows nothing of this program's network.
/// </summary>
internal sealed class DeclaredNetwork(JsonElement model, IReadOnlyDictionary<string, float[]> tensors)
{
    /// <summary>Probabilities, [classes].</summary>
    /// <param name="x">[frames][width].</param>
    public double[] Forward(double[][] x)
    {
        foreach (var layer in model.GetProperty("layers").EnumerateArray())
            x = Apply(layer, x);
        return Assert.Single(x);
    }

    private double[][] Apply(JsonElement layer, double[][] x) =>
        layer.GetProperty("type").GetString() switch
        {
            "zero_padding" => Pad(x, layer.GetProperty("frames").GetInt32()),
            "normalization" => [.. x.Select(Normalize)],
            "encoder_layer_sum" => [.. x.Select(frame => SumLayers(frame, Tensor(layer, "kernel")))],
            "conv1d" => Convolve(layer, x),
            "relu" => Map(x, v => Math.Max(0, v)),
            "gelu" => Map(x, v => v * 0.5 * (1 + MathNet.Numerics.SpecialFunctions.Erf(v / Math.Sqrt(2)))),
            "gelu_tanh" => Map(x, v =>
                v * 0.5 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (v + (0.044715 * v * v * v))))
            ),
            "max_pooling1d" => Pool(x, layer.GetProperty("size").GetInt32()),
            "bidirectional_lstm" => Bidirectional(layer, x),
            "dropout" => x,
            "self_attention" => Attend(layer, x),
            "layer_normalization" => [.. x.Select(frame => NormalizeLayer(layer, frame))],
            "mean_over_time" =>
            [
                [.. x[0].Select((_, i) => x.Average(frame => frame[i]))],
            ],
            "statistics_over_time" => [ComputeStatistics(x, layer.GetProperty("epsilon").GetDouble())],
            "attentive_pooling" => [ComputeWeightedMean(x, Tensor(layer, "kernel"))],
            "dense" => [.. x.Select(row => Dense(row, Tensor(layer, "kernel"), Tensor(layer, "bias")))],
            "batch_normalization" => [.. x.Select(row => NormalizeBatch(layer, row))],
            "softmax" => [.. x.Select(row => Softmax(row, 1 / layer.GetProperty("temperature").GetDouble()))],
            var other => throw new InvalidOperationException($"unknown layer {other}"),
        };

    private float[] Tensor(JsonElement layer, string key) => tensors[layer.GetProperty(key).GetString()!];

    private static double[][] Map(double[][] x, Func<double, double> function) =>
        [.. x.Select(row => row.Select(function).ToArray())];

    private static double[][] Pad(double[][] x, int frames) =>
        [.. x, .. Enumerable.Range(0, Math.Max(0, frames - x.Length)).Select(_ => new double[x[0].Length])];

    private double[] Normalize(double[] frame)
    {
        var normalization = model.GetProperty("normalization");
        double At(string key, int i) => normalization.GetProperty(key)[i].GetDouble();
        return [.. frame.Select((v, i) => (v - At("mean", i)) / At("standard_deviation", i))];
    }

    private static double[] SumLayers(double[] frame, float[] weights)
    {
        var width = frame.Length / weights.Length;
        return
        [
            .. Enumerable
                .Range(0, width)
                .Select(i => weights.Select((w, layer) => w * frame[(layer * width) + i]).Sum()),
        ];
    }

    // Kernel [taps, inputs, filters]; zeros before and after the clip.
    private double[][] Convolve(JsonElement layer, double[][] x)
    {
        var kernel = Tensor(layer, "kernel");
        var bias = Tensor(layer, "bias");
        var taps = layer.GetProperty("taps").GetInt32();
        var filters = layer.GetProperty("filters").GetInt32();
        var inputs = x[0].Length;
        var y = x.Select(_ => bias.Select(b => (double)b).ToArray()).ToArray();
        for (var t = 0; t < x.Length; t++)
        for (var tap = 0; tap < taps; tap++)
        {
            var source = t + tap - (taps / 2);
            if (source < 0 || source >= x.Length)
                continue;
            for (var i = 0; i < inputs; i++)
            for (var f = 0; f < filters; f++)
                y[t][f] += x[source][i] * kernel[(((tap * inputs) + i) * filters) + f];
        }
        return y;
    }

    private static double[][] Pool(double[][] x, int size) =>
        [
            .. Enumerable
                .Range(0, x.Length / size)
                .Select(t => x[0].Select((_, i) => x.Skip(t * size).Take(size).Max(frame => frame[i])).ToArray()),
        ];

    private static double[] ComputeStatistics(double[][] x, double epsilon)
    {
        double[] mean = [.. x[0].Select((_, i) => x.Average(frame => frame[i]))];
        return
        [
            .. mean,
            .. mean.Select((m, i) => Math.Sqrt(x.Average(frame => (frame[i] - m) * (frame[i] - m)) + epsilon)),
        ];
    }

    private static double[] ComputeWeightedMean(double[][] x, float[] kernel)
    {
        var weights = Softmax([.. x.Select(frame => frame.Zip(kernel, (a, b) => a * b).Sum())], 1);
        return [.. x[0].Select((_, i) => x.Zip(weights, (frame, weight) => weight * frame[i]).Sum())];
    }

    private double[][] Bidirectional(JsonElement layer, double[][] x)
    {
        var forward = Lstm(layer.GetProperty("forward"), x);
        var backward = Lstm(layer.GetProperty("backward"), [.. x.Reverse()]).Reverse();
        return [.. forward.Zip(backward, (a, b) => (double[])[.. a, .. b])];
    }

    // Gates in the order input, forget, cell, output.
    private double[][] Lstm(JsonElement cell, double[][] x)
    {
        var bias = Tensor(cell, "bias");
        var units = bias.Length / 4;
        var h = new double[units];
        var c = new double[units];
        var states = new List<double[]>();
        foreach (var frame in x)
        {
            var input = Dense(frame, Tensor(cell, "kernel"), bias);
            var z = Dense(h, Tensor(cell, "recurrent_kernel"), new float[4 * units]).Zip(input, (a, b) => a + b);
            double[][] gates = [.. z.Chunk(units)];
            c = [.. c.Select((v, u) => (Sigmoid(gates[1][u]) * v) + (Sigmoid(gates[0][u]) * Math.Tanh(gates[2][u])))];
            h = [.. c.Select((v, u) => Sigmoid(gates[3][u]) * Math.Tanh(v))];
            states.Add(h);
        }
        return [.. states];
    }

    private double[][] Attend(JsonElement layer, double[][] x)
    {
        var scale = layer.GetProperty("scale").ValueKind == JsonValueKind.Null ? 1 : Tensor(layer, "scale")[0];
        var residual = layer.GetProperty("residual").GetBoolean() ? 1 : 0;
        return
        [
            .. x.Select(query =>
            {
                var weights = Softmax([.. x.Select(key => query.Zip(key, (a, b) => a * b).Sum())], scale);
                return query
                    .Select((v, i) => (residual * v) + weights.Select((weight, t) => weight * x[t][i]).Sum())
                    .ToArray();
            }),
        ];
    }

    private double[] NormalizeLayer(JsonElement layer, double[] x)
    {
        var mean = x.Average();
        var variance = x.Average(v => (v - mean) * (v - mean));
        var scale = 1 / Math.Sqrt(variance + layer.GetProperty("epsilon").GetDouble());
        return [.. x.Select((v, i) => ((v - mean) * scale * Tensor(layer, "gamma")[i]) + Tensor(layer, "beta")[i])];
    }

    private double[] NormalizeBatch(JsonElement layer, double[] x)
    {
        var epsilon = layer.GetProperty("epsilon").GetDouble();
        return
        [
            .. x.Select(
                (v, i) =>
                    (
                        (v - Tensor(layer, "moving_mean")[i])
                        / Math.Sqrt(Tensor(layer, "moving_variance")[i] + epsilon)
                        * Tensor(layer, "gamma")[i]
                    ) + Tensor(layer, "beta")[i]
            ),
        ];
    }

    // Kernel [inputs, outputs].
    private static double[] Dense(double[] x, float[] kernel, float[] bias)
    {
        double[] y = [.. bias.Select(b => (double)b)];
        for (var i = 0; i < x.Length; i++)
        for (var j = 0; j < y.Length; j++)
            y[j] += x[i] * kernel[(i * y.Length) + j];
        return y;
    }

    private static double[] Softmax(double[] x, double scale)
    {
        var max = x.Max(v => scale * v);
        double[] powers = [.. x.Select(v => Math.Exp((scale * v) - max))];
        return [.. powers.Select(power => power / powers.Sum())];
    }

    private static double Sigmoid(double v) => 1 / (1 + Math.Exp(-v));
}
