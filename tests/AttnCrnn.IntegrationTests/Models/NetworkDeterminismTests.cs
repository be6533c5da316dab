using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AttnCrnn.Models;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;
using CsCheck;

namespace AttnCrnn.IntegrationTests.Models;

public sealed class NetworkDeterminismTests
{
    private static readonly int[] Frames = [40, 4, 77, 23, 58, 9, 31, 64];

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(16)] // split into smaller tasks
    [InlineData(2, 5)]
    [InlineData(3, 5)]
    public void Twenty_steps_are_bit_identical_for_any_number_of_threads(int threads, int layers = 1) =>
        Assert.Equal(Training(1, layers), Training(threads, layers));

    [Theory]
    [MemberData(nameof(ChildRun.Processors), MemberType = typeof(ChildRun))]
    public void Twenty_steps_are_bit_identical_on_other_processors(string setting) =>
        Assert.Equal(
            Training(2, 1) + Training(2, 5),
            ChildRun.Digest($"{typeof(NetworkDeterminismTests).FullName}.{nameof(Digest_of_twenty_steps)}", setting)
        );

    /// <summary>What the child process runs.</summary>
    [Fact(Explicit = true)]
    public void Digest_of_twenty_steps() => ChildRun.ReturnDigest(Training(2, 1) + Training(2, 5));

    [Fact]
    public void A_clips_probabilities_are_bit_identical_alone_and_in_any_batch() =>
        Gen.Select(
                Gen.Shuffle(Enumerable.Range(0, Frames.Length).ToArray()),
                Gen.Int[1, Frames.Length],
                Gen.Bool,
                Gen.Int[1, 3]
            )
            .Sample(
                (order, count, exact, layers) =>
                {
                    var options = Options with { ExactConvolution = exact, EncoderLayers = layers };
                    var together = Probabilities(options, 2, order[..count]);
                    for (var i = 0; i < count; i++)
                        Assert.Equal(
                            Probabilities(options, 1, order[i]),
                            together[(i * Options.Classes)..((i + 1) * Options.Classes)]
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
            new(Frames.Sum(), Frames.Length, Frames.Max()),
            training: false
        );
        network.Initialize(new RandomStream(3));
        using var x = new AlignedBuffer(Frames.Sum() * options.FrameWidth);
        using var probabilities = new AlignedBuffer(clips.Length * Options.Classes);
        network.Predict(Batch(x, options.FrameWidth, clips), probabilities.Rows(0, clips.Length, Options.Classes));
        return probabilities.Span.ToArray();
    }

    private static NetworkOptions Options { get; } =
        new(21, 6)
        {
            Conv1Filters = 19,
            Conv2Filters = 35,
            LstmUnits = 17,
            DenseUnits = 30,
        };

    private static PackedBatch Batch(AlignedBuffer x, int width, int[] clips)
    {
        var offsets = new int[clips.Length + 1];
        for (var i = 0; i < clips.Length; i++)
        {
            offsets[i + 1] = offsets[i] + Frames[clips[i]];
            new RandomStream(5)
                .ForStream(RandomStreamId.Demo, (uint)clips[i])
                .FillNormal(x.Rows(offsets[i] * width, 1, Frames[clips[i]] * width)[0]);
        }
        return new(x.Rows(0, offsets[^1], width), offsets, clips.Length);
    }

    private static string Training(int threads, int layers)
    {
        var options = Options with { EncoderLayers = layers };
        using var workers = new WorkerPool(threads);
        using var network = new Network(
            options,
            workers,
            new(Frames.Sum(), Frames.Length, Frames.Max()),
            training: true
        );
        var random = new RandomStream(11);
        network.Initialize(random);
        using var x = new AlignedBuffer(Frames.Sum() * options.FrameWidth);
        using var rest = new AlignedBuffer(2 * Frames.Length * Options.Classes);
        var targets = rest.Rows(0, Frames.Length, Options.Classes);
        for (var clip = 0; clip < Frames.Length; clip++)
            targets[clip][clip % Options.Classes] = 1;
        var weights = Enumerable.Repeat(1f, Frames.Length).ToArray();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var step = 0; step < 20; step++)
        {
            var order = Enumerable.Range(0, Frames.Length).Select(i => (i + step) % Frames.Length).ToArray();
            network.TrainStep(
                Batch(x, options.FrameWidth, order),
                targets,
                weights,
                random.AtStep(0, (uint)step),
                rest.Rows(Frames.Length * Options.Classes, Frames.Length, Options.Classes)
            );
            network.ApplyAdam(new(1e-3), step + 1);
        }
        hash.AppendData(MemoryMarshal.AsBytes(network.Parameters.Values.Span));
        hash.AppendData(MemoryMarshal.AsBytes(network.Parameters.SecondMoment.Span));
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
