using AttnCrnn.Models;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;
using CsCheck;
using static AttnCrnn.Testing.Models.SmallNetworkTraining;

namespace AttnCrnn.Tests.Models;

public sealed class NetworkDeterminismTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(16)] // split into smaller tasks
    [InlineData(2, 5)]
    [InlineData(3, 5)]
    public void Twenty_steps_are_bit_identical_for_any_number_of_threads(int threads, int layers = 1) =>
        Assert.Equal(ComputeDigest(1, layers), ComputeDigest(threads, layers));

    [Fact]
    public void A_clips_probabilities_are_bit_identical_alone_and_in_any_batch() =>
        Gen.Select(
                Gen.Shuffle(Enumerable.Range(0, Frames.Count).ToArray()),
                Gen.Int[1, Frames.Count],
                Gen.Bool,
                Gen.Int[1, 3]
            )
            .Sample(
                (order, count, exact, layers) =>
                {
                    var options = Options with
                    {
                        ExactConvolution = exact,

                        EncoderLayers = layers,
                    };
                    var batch = Probabilities(options, 2, order[..count]);
                    for (var i = 0; i < count; i++)
                        Assert.Equal(
                            Probabilities(options, 1, order[i]),
                            batch[(i * Options.Classes)..((i + 1) * Options.Classes)]
                        );
                },
                iter: 40,
                threads: 1
            );

    private static float[] Probabilities(NetworkOptions options, int threads, params int[] clips)
    {
        using var workers = new WorkerPool(threads);
        using var network = new Network(
            options,
            workers,
            new(Frames.Sum(), Frames.Count, Frames.Max()),
            training: false
        );
        network.Initialize(new RandomStream(3));
        using var x = new AlignedBuffer(Frames.Sum() * options.FrameWidth);
        using var probabilities = new AlignedBuffer(clips.Length * options.Classes);
        network.Predict(
            CreateBatch(x, options.FrameWidth, clips),
            probabilities.Rows(0, clips.Length, options.Classes)
        );
        return probabilities.Span.ToArray();
    }
}
