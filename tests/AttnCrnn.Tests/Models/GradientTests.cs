using AttnCrnn.Models;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Tests.Models;

/// <summary>Gradients against finite differences of the loss, with dropout and clips of any length.</summary>
public sealed class GradientTests
{
    [Theory]
    [InlineData(0.0, 0.0, 1)]
    [InlineData(0.3, 0.3, 2)]
    [InlineData(0.3, 0.0, 3)]
    [InlineData(0.0, 0.3, 4)]
    [InlineData(0.2, 0.0, 5, "v1")]
    [InlineData(0.3, 0.3, 6, "v2", 3)]
    public void A_small_step_along_each_tensors_gradient_changes_the_loss_by_its_square(
        double dropout,
        double recurrentDropout,
        ulong seed,
        string version = "v2",
        int layers = 1
    )
    {
        var options = new NetworkOptions(11, 5)
        {
            Conv1Filters = 9,
            Conv2Filters = 13,
            LstmUnits = 7,
            DenseUnits = 10,
            LstmDropout = dropout,
            RecurrentDropout = recurrentDropout,
            Dropout = dropout,
            HeadDropout = dropout,
            EncoderLayers = layers,
        };
        if (version == "v1")
            options = options.WithV1Layers();
        Check(options, [4, 37, 12, 90, 5, 21, 64], seed);
    }

    /// <summary>Longer than what layers compute at once: 10,000 tiles, 10,000 frames of the LSTM.</summary>
    [Fact]
    public void A_long_clip_has_the_gradient_of_all_its_frames() =>
        Check(
            new NetworkOptions(3, 5)
            {
                Conv1Filters = 4,
                Conv2Filters = 5,
                LstmUnits = 3,
                DenseUnits = 10,
            },
            [40_000, 12],
            seed: 7
        );

    private static void Check(NetworkOptions options, int[] frames, ulong seed)
    {
        var width = options.FrameWidth;
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
        using var x = new AlignedBuffer(frames.Sum() * width);
        random.ForStream(RandomStreamId.Demo).FillNormal(x.Span);
        var offsets = frames.Aggregate(new List<int> { 0 }, (all, count) => [.. all, all[^1] + count]).ToArray();
        using var outputs = new AlignedBuffer(2 * frames.Length * 5);
        var targets = outputs.Rows(0, frames.Length, 5);
        for (var clip = 0; clip < frames.Length; clip++)
        {
            targets[clip][clip % 5] = 0.7f;
            targets[clip][(clip + 1) % 5] = 0.3f;
        }
        var weights = Enumerable.Range(0, frames.Length).Select(clip => 0.5f + (0.2f * clip)).ToArray();
        double Loss() =>
            trainingStep.ComputeGradients(
                new(x.Rows(0, frames.Sum(), width), offsets, frames.Length),
                targets,
                weights,
                random.AtStep(1, 2),
                outputs.Rows(frames.Length * 5, frames.Length, 5)
            );

        Loss();
        var gradients = network.Parameters.All.Select(parameter => parameter.Gradients.Span.ToArray()).ToArray();
        foreach (var (parameter, gradient) in network.Parameters.All.Zip(gradients))
        {
            if (!parameter.Trainable || parameter.Name is "layer_normalization/beta" or "dense/bias")
                continue;
            var square = gradient.Sum(g => (double)g * g);
            var start = parameter.Values.Span.ToArray();
            var step = 0.004 / Math.Sqrt(square);
            double LossAfterStep(double delta)
            {
                for (var i = 0; i < start.Length; i++)
                    parameter.Values.Span[i] = (float)(start[i] + (delta * gradient[i]));
                return Loss();
            }
            // Along the gradient the loss rises by the gradient's norm; from float32 probabilities the loss is known to
            // about 1e-7, for a change of 0.008.
            var (slope, length) = ((LossAfterStep(step) - LossAfterStep(-step)) / 0.008, Math.Sqrt(square));
            start.CopyTo(parameter.Values.Span);
            Assert.True(
                Math.Abs(slope - length) < (0.02 * length) + 2e-5,
                $"{parameter.Name}: {slope}, expected {length}"
            );
        }
    }
}
