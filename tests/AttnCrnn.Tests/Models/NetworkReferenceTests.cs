using AttnCrnn.Models;
using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;
using CsCheck;

namespace AttnCrnn.Tests.Models;

/// <summary>
/// The network against float64 loops, over random shapes: odd and even widths, clips of 4 to 300 frames of 1 to 4
/// layers, batches of 1 to 40.
/// </summary>
public sealed class NetworkReferenceTests(ITestOutputHelper output)
{
    // Below this difference, float32 rounding may decide otherwise than float64 and redirect a gradient.
    private const double TieMargin = 4e-6;

    private static readonly Gen<(int[] Frames, int[] Widths, int Seed)> Shapes = Gen.Select(
        Gen.OneOf(Gen.Int[4, 60].Array[1, 40], Gen.Int[4, 300].Array[1, 4]),
        Gen.Int[1, 19].Array[6],
        Gen.Int[0, 9999]
    );

    [Fact]
    public void Loss_probabilities_and_gradients_match_float64_loops() =>
        Shapes.Sample(sizes => Check(sizes.Frames, sizes.Widths, (ulong)sizes.Seed), iter: 25, threads: 1);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(40, 1)]
    [InlineData(40, 2)] // v1
    [InlineData(1, 25)] // three layers, direct products
    [InlineData(40, 26)] // three layers, v1
    [InlineData(40, 3)] // no residual, no batch norm, tanh approximation of GELU
    [InlineData(40, 6)] // no scale, no layer norm, ReLU after batch norm
    [InlineData(40, 36)] // mean and standard deviation over time
    [InlineData(40, 72)] // attentive pooling
    [InlineData(1, 73)] // attentive pooling, direct products
    [InlineData(40, 108)] // layer norm in the head
    [InlineData(40, 186)] // attentive pooling, layer norm in the head alone, ReLU
    public void Minimum_and_maximum_sizes_match_float64_loops(int clips, ulong seed) =>
        Check(
            [.. Enumerable.Range(0, clips).Select(clip => clip == 0 ? 300 : 4 + (clip % 9))],
            [5, 17, 3, 7, 11, 2],
            seed
        );

    private void Check(int[] frames, int[] widths, ulong seed)
    {
        var options = new NetworkOptions(widths[0], widths[5] + 1)
        {
            Conv1Filters = widths[1],
            Conv2Filters = widths[2],
            LstmUnits = widths[3],
            DenseUnits = widths[4] + 1,
            ExactConvolution = seed % 2 == 1,
            EncoderLayers = 1 + (int)(seed / 12 % 4),
            Pooling = (TemporalPooling)(seed / 36 % 3),
            HeadNormalization = seed / 108 % 2 == 1 ? HeadNormalization.Layer : HeadNormalization.Batch,
        };
        if (seed % 3 == 2)
            options = options.WithV1Layers();
        else if (seed / 3 % 3 == 1)
            options = options with
            {
                HasResidual = false,

                HeadNormalization = HeadNormalization.None,

                Activation = HeadActivation.GeluTanh,
            };
        else if (seed / 3 % 3 == 2)
            options = options with
            {
                HasAttentionScale = false,
                HasLayerNorm = false,
                Activation = HeadActivation.Relu,
            };
        using var workers = new WorkerPool(2);
        using var network = new Network(
            options,
            workers,
            new(frames.Sum(), frames.Length, frames.Max()),
            training: true
        );
        using var trainingStep = TrainingStepBuilder.Create(network, workers);
        var random = new RandomStream(seed);
        network.Initialize(random);
        if (options.EncoderLayers > 1)
            // Of both signs.
            random.ForStream(RandomStreamId.Demo, 9).FillNormal(network.Parameters["layer_mix/kernel"].Values.Span);
        if (network.Parameters.All.FirstOrDefault(p => p.Name == "attentive_pooling/kernel") is { } pooling)
            random.ForStream(RandomStreamId.Demo, 8).FillNormal(pooling.Values.Span);
        using var x = new AlignedBuffer(frames.Sum() * options.FrameWidth);
        random.ForStream(RandomStreamId.Demo).FillNormal(x.Span);
        using var outputs = new AlignedBuffer(2 * frames.Length * options.Classes);
        var (targets, probabilities) = (
            outputs.Rows(0, frames.Length, options.Classes),
            outputs.Rows(frames.Length * options.Classes, frames.Length, options.Classes)
        );
        for (var clip = 0; clip < frames.Length; clip++)
        {
            targets[clip][clip % options.Classes] = 0.8f;
            targets[clip][(clip + 1) % options.Classes] = 0.2f;
        }
        var weights = Enumerable.Range(0, frames.Length).Select(clip => 0.5f + (0.1f * (clip % 7))).ToArray();
        var offsets = frames.Aggregate(new List<int> { 0 }, (all, count) => [.. all, all[^1] + count]).ToArray();
        var loss = trainingStep.ComputeGradients(
            new(x.Rows(0, frames.Sum(), options.FrameWidth), offsets, frames.Length),
            targets,
            weights,
            null,
            probabilities
        );

        var values = network.Parameters.All.ToDictionary(
            p => p.Name,
            p => p.Values.Span.ToArray().Select(v => (double)v).ToArray()
        );
        double[][][] clips =
        [
            .. Enumerable
                .Range(0, frames.Length)
                .Select(clip =>
                    Enumerable
                        .Range(offsets[clip], frames[clip])
                        .Select(row =>
                            x.Rows(0, frames.Sum(), options.FrameWidth)[row].ToArray().Select(v => (double)v).ToArray()
                        )
                        .ToArray()
                ),
        ];
        double[][] expectedProbabilities =
        [
            .. Enumerable
                .Range(0, frames.Length)
                .Select(clip => targets[clip].ToArray().Select(v => (double)v).ToArray()),
        ];
        double Loss() =>
            new ReferenceNetwork(options, values).Loss(
                clips,
                expectedProbabilities,
                [.. weights.Select(v => (double)v)]
            );
        var reference = new ReferenceNetwork(options, values);
        var expected = reference.Forward(clips);
        for (var clip = 0; clip < frames.Length; clip++)
        for (var k = 0; k < options.Classes; k++)
            Assert.Equal(expected[clip][k], probabilities[clip][k], 2e-4);
        Assert.Equal(Loss(), loss, 2e-4 * (1 + loss));
        if (reference.MinMargin < TieMargin)
        {
            output.WriteLine(
                $"a tie: a margin of {reference.MinMargin:0.0e0} in pooling or ReLU; gradients are not compared"
            );
            return;
        }
        foreach (var parameter in network.Parameters.All.Where(p => p.Trainable))
            CheckGradient(parameter, values[parameter.Name], Loss, random);
    }

    // The loss must change by the gradient's squared norm along the gradient, and by the dot product along a random
    // direction.
    private static void CheckGradient(Parameter parameter, double[] values, Func<double> loss, RandomStream random)
    {
        var gradient = parameter.Gradients.Span.ToArray();
        var size = Math.Sqrt(gradient.Sum(g => (double)g * g));
        var randomDirection = new float[gradient.Length];
        random.ForStream(RandomStreamId.Demo, 7).FillNormal(randomDirection);
        foreach (var direction in (float[][])[gradient, randomDirection])
        {
            var length = Math.Sqrt(direction.Sum(d => (double)d * d));
            if (length < 1e-6)
                continue;
            var product = gradient.Zip(direction, (g, d) => (double)g * d).Sum() / length;
            double LossAfterStep(double delta)
            {
                for (var i = 0; i < values.Length; i++)
                    values[i] += delta * direction[i] / length;
                var result = loss();
                for (var i = 0; i < values.Length; i++)
                    values[i] -= delta * direction[i] / length;
                return result;
            }
            // Two step sizes distinguish a kink of ReLU or pooling from a wrong gradient.
            var slopes = ((double[])[1e-4, 1e-6])
                .Select(step => (LossAfterStep(step) - LossAfterStep(-step)) / (2 * step))
                .ToArray();
            // Where batch norm cancels a parameter, its gradient is rounding error, which batch norm over few clips
            // amplifies.
            var rounding = parameter.Name is "layer_normalization/beta" or "dense/bias" ? 3e-4 : 2e-5;
            Assert.True(
                slopes.Any(slope => Math.Abs(slope - product) < (2e-3 * size) + rounding),
                $"{parameter.Name}: {product}, expected {string.Join(" or ", slopes)}"
            );
        }
    }
}
