using AttnCrnn.Models;

namespace AttnCrnn.Tests.Models;

/// <summary>The network in float64, as plain loops over the formulas, without dropout.</summary>
internal sealed class ReferenceNetwork(NetworkOptions options, IReadOnlyDictionary<string, double[]> weights)
{
    /// <summary>
    /// The smallest difference of two pooled outputs, or of a pooled output and ReLU's 0, in the last <see
    /// cref="Forward"/>.
    /// </summary>
    public double MinMargin { get; private set; } = double.PositiveInfinity;

    /// <summary>Probabilities, [clips][classes], with batch norm over the batch.</summary>
    public double[][] Forward(IReadOnlyList<double[][]> clips)
    {
        var features = clips.Select(clip =>
        {
            var x = ConvPool(Mix(clip), "conv1d", options.Width, options.Conv1Filters);
            x = ConvPool(x, "conv1d_1", options.Conv1Filters, options.Conv2Filters);
            x = Bidirectional(x);
            x = Attention(x);
            return Pool(options.HasLayerNorm ? LayerNorm(x, "layer_normalization") : x);
        });
        var hidden = features.Select(x => Dense(x, "dense", options.DenseUnits)).ToArray();
        var active = Normalize(hidden).Select(x => x.Select(Activate).ToArray());
        return [.. active.Select(x => Softmax(Dense(x, "dense_1", options.Classes)))];
    }

    public double Loss(
        IReadOnlyList<double[][]> clips,
        IReadOnlyList<double[]> targets,
        IReadOnlyList<double> clipWeights
    ) =>
        Forward(clips)
            .Select(
                (p, clip) =>
                    -clipWeights[clip]
                    * p.Zip(targets[clip], (probability, target) => target * Math.Log(probability)).Sum()
            )
            .Sum() / clips.Count;

    private double[] Pool(double[][] x)
    {
        double[] mean = [.. x[0].Select((_, i) => x.Average(frame => frame[i]))];
        if (options.Pooling == TemporalPooling.Mean)
            return mean;
        if (options.Pooling == TemporalPooling.Statistics)
            return
            [
                .. mean,
                .. mean.Select((m, i) => Math.Sqrt(x.Average(frame => (frame[i] - m) * (frame[i] - m)) + 1e-6)),
            ];
        var v = weights["attentive_pooling/kernel"];
        var a = Softmax([.. x.Select(frame => frame.Zip(v, (value, weight) => value * weight).Sum())]);
        return [.. mean.Select((_, i) => x.Zip(a, (frame, weight) => weight * frame[i]).Sum())];
    }

    private double[][] Normalize(double[][] hidden) =>
        options.HeadNormalization switch
        {
            HeadNormalization.Batch => BatchNorm(hidden),
            HeadNormalization.Layer => LayerNorm(
                hidden,
                options.HasLayerNorm ? "layer_normalization_1" : "layer_normalization"
            ),
            _ => hidden,
        };

    private double Activate(double v) =>
        options.Activation switch
        {
            HeadActivation.Relu => RectifyAndTrackMargin(v, Math.Abs(v)),
            HeadActivation.GeluTanh => v * 0.5 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (v + (0.044715 * v * v * v)))),
            _ => v * 0.5 * (1 + MathNet.Numerics.SpecialFunctions.Erf(v / Math.Sqrt(2))),
        };

    private double RectifyAndTrackMargin(double value, double margin)
    {
        MinMargin = Math.Min(MinMargin, margin);
        return Math.Max(0, value);
    }

    private double[][] Mix(double[][] x) =>
        options.EncoderLayers == 1
            ? x
            :
            [
                .. x.Select(frame =>
                    Enumerable
                        .Range(0, options.Width)
                        .Select(i =>
                            weights["layer_mix/kernel"]
                                .Select((w, layer) => w * frame[(layer * options.Width) + i])
                                .Sum()
                        )
                        .ToArray()
                ),
            ];

    private double[][] ConvPool(double[][] x, string name, int width, int filters)
    {
        var (kernel, bias) = (weights[name + "/kernel"], weights[name + "/bias"]);
        var y = x.Select(
                (_, t) =>
                    Enumerable
                        .Range(0, filters)
                        .Select(f =>
                        {
                            var sum = bias[f];
                            for (var tap = 0; tap < 5; tap++)
                                if (t + tap - 2 >= 0 && t + tap - 2 < x.Length)
                                    for (var i = 0; i < width; i++)
                                        sum += x[t + tap - 2][i] * kernel[(((tap * width) + i) * filters) + f];
                            return sum;
                        })
                        .ToArray()
            )
            .ToArray();
        return
        [
            .. Enumerable
                .Range(0, x.Length / 2)
                .Select(t =>
                    y[2 * t]
                        .Zip(y[(2 * t) + 1], (first, second) =>
                        {
                            var larger = Math.Max(first, second);
                            return RectifyAndTrackMargin(
                                larger,
                                larger > 0 ? Math.Min(larger, Math.Abs(first - second)) : -larger
                            );
                        })
                        .ToArray()
                ),
        ];
    }

    private double[][] Bidirectional(double[][] x)
    {
        var forward = Lstm(x, "bidirectional/forward_lstm/lstm_cell");
        var backward = Lstm([.. x.Reverse()], "bidirectional/backward_lstm/lstm_cell").Reverse().ToArray();
        return [.. forward.Zip(backward, (a, b) => (double[])[.. a, .. b])];
    }

    private double[][] Lstm(double[][] x, string name)
    {
        var (kernel, recurrent, bias, units) = (
            weights[name + "/kernel"],
            weights[name + "/recurrent_kernel"],
            weights[name + "/bias"],
            options.LstmUnits
        );
        var (h, c) = (new double[units], new double[units]);
        return
        [
            .. x.Select(frame =>
            {
                var z = Enumerable
                    .Range(0, 4 * units)
                    .Select(j =>
                        bias[j]
                        + frame.Select((v, i) => v * kernel[(i * 4 * units) + j]).Sum()
                        + h.Select((v, i) => v * recurrent[(i * 4 * units) + j]).Sum()
                    )
                    .ToArray();
                static double Sigmoid(double v) => 1 / (1 + Math.Exp(-v));
                c =
                [
                    .. c.Select(
                        (previous, u) =>
                            (Sigmoid(z[units + u]) * previous) + (Sigmoid(z[u]) * Math.Tanh(z[(2 * units) + u]))
                    ),
                ];
                h = [.. c.Select((cell, u) => Sigmoid(z[(3 * units) + u]) * Math.Tanh(cell))];
                return h;
            }),
        ];
    }

    private double[][] Attention(double[][] x)
    {
        var scale = options.HasAttentionScale ? weights["attention/scale"][0] : 1;
        return
        [
            .. x.Select(query =>
            {
                var probabilities = Softmax([.. x.Select(key => scale * query.Zip(key, (a, b) => a * b).Sum())]);
                return query
                    .Select(
                        (v, i) =>
                            (options.HasResidual ? v : 0)
                            + probabilities.Select((probability, t) => probability * x[t][i]).Sum()
                    )
                    .ToArray();
            }),
        ];
    }

    private double[][] LayerNorm(double[][] x, string name)
    {
        var (gamma, beta) = (weights[name + "/gamma"], weights[name + "/beta"]);
        return
        [
            .. x.Select(frame =>
            {
                var mean = frame.Average();
                var standardDeviation = Math.Sqrt(frame.Average(v => (v - mean) * (v - mean)) + 1e-3);
                return frame.Select((v, i) => ((v - mean) / standardDeviation * gamma[i]) + beta[i]).ToArray();
            }),
        ];
    }

    private double[][] BatchNorm(double[][] x)
    {
        var (gamma, beta) = (weights["batch_normalization/gamma"], weights["batch_normalization/beta"]);
        var mean = Enumerable.Range(0, x[0].Length).Select(i => x.Average(row => row[i])).ToArray();
        var variance = Enumerable
            .Range(0, x[0].Length)
            .Select(i => x.Average(row => (row[i] - mean[i]) * (row[i] - mean[i])))
            .ToArray();
        return
        [
            .. x.Select(row =>
                row.Select((v, i) => ((v - mean[i]) / Math.Sqrt(variance[i] + 1e-3) * gamma[i]) + beta[i]).ToArray()
            ),
        ];
    }

    private double[] Dense(double[] x, string name, int outputs)
    {
        var (kernel, bias) = (weights[name + "/kernel"], weights[name + "/bias"]);
        return
        [
            .. Enumerable
                .Range(0, outputs)
                .Select(j => bias[j] + x.Select((v, i) => v * kernel[(i * outputs) + j]).Sum()),
        ];
    }

    private static double[] Softmax(double[] x)
    {
        var powers = x.Select(v => Math.Exp(v - x.Max())).ToArray();
        return [.. powers.Select(power => power / powers.Sum())];
    }
}
