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
                    var options = SmallNetworkTraining.Options with
                    {
                        ExactConvolution = exact,

                        EncoderLayers = layers,
                    };
                    var batch = Probabilities(options, 2, order[..count]);
                    for (var i = 0; i < count; i++)
                        Assert.Equal(
                            Probabilities(options, 1, order[i]),
                            batch[
                                (i * SmallNetworkTraining.Options.Classes)..(
                                    (i + 1) * SmallNetworkTraining.Options.Classes
                                )
                            ]
                        );
                },
                iter: 40,
                threads: 1
            );

    [Fact]
    public void Inference_computes_attention_in_blocks_with_the_bits_of_a_training()
    {
        const int longFrames = 4 * 700; // more than five blocks
        static float[] Predict(bool training)
        {
            using var workers = new WorkerPool(2);
            using var network = new Network(
                SmallNetworkTraining.Options,
                workers,
                new(longFrames + 40, 2, longFrames),
                training
            );
            network.Initialize(new RandomStream(3));
            using var x = new AlignedBuffer((longFrames + 40) * SmallNetworkTraining.Options.FrameWidth);
            new RandomStream(5).FillNormal(x.Span);
            using var probabilities = new AlignedBuffer(2 * SmallNetworkTraining.Options.Classes);
            network.Predict(
                new(x.Rows(0, longFrames + 40, SmallNetworkTraining.Options.FrameWidth), [0, 40, longFrames + 40], 2),
                probabilities.Rows(0, 2, SmallNetworkTraining.Options.Classes)
            );
            return probabilities.Span.ToArray();
        }
        Assert.Equal(Predict(training: true), Predict(training: false));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Memory_does_not_grow_with_the_square_of_the_length(bool training)
    {
        const int frames = 190_000; // half an hour; one matrix of all attention weights would take 8.4 GiB
        using var workers = new WorkerPool(1);
        using var network = new Network(SmallNetworkTraining.Options, workers, new(frames, 1, frames), training);
        Assert.Equal(SmallNetworkTraining.Options, network.Options);
    }

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
