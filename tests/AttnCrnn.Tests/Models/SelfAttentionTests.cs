using AttnCrnn.Models;
using AttnCrnn.Models.Layers;
using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Tests.Models;

/// <summary>
/// Attention in blocks of rows against whole matrices. The lengths are around the borders of a block (128 rows), and of
/// the longest clip whose matrices a training stores (512 rows).
/// </summary>
public sealed class SelfAttentionTests
{
    private const int Width = 19;

    private static readonly int[] Lengths = [1, 2, 127, 128, 129, 300, 511, 512, 513, 640, 641, 1000];

    [Theory]
    [InlineData(0.7f, true, 1)]
    [InlineData(0.7f, true, 3)]
    [InlineData(0.7f, false, 1)]
    [InlineData(null, true, 1)]
    [InlineData(null, false, 3)]
    public void Output_and_gradients_have_the_bits_of_whole_matrices(float? scale, bool residual, int threads)
    {
        using var expected = new Batch(Lengths);
        using var actual = new Batch(Lengths);
        var expectedScaleGradient = 0f;
        for (var clip = 0; clip < Lengths.Length; clip++)
            expectedScaleGradient += UnblockedAttention.Run(
                expected.X.GetClip(clip),
                scale ?? 1,
                residual,
                expected.GetClip(expected.OutputGradient, clip),
                expected.GetClip(expected.Output, clip),
                expected.GetClip(expected.InputGradient, clip)
            );

        var scaleGradient = Run(actual, scale, residual, threads, training: true);

        Assert.Equal(GetBits(expected.Output), GetBits(actual.Output));
        Assert.Equal(GetBits(expected.InputGradient), GetBits(actual.InputGradient));
        if (scale is not null)
            Assert.Equal(
                BitConverter.SingleToInt32Bits(expectedScaleGradient),
                BitConverter.SingleToInt32Bits(scaleGradient)
            );
    }

    [Fact]
    public void Inference_has_the_bits_of_whole_matrices()
    {
        using var training = new Batch(Lengths);
        using var inference = new Batch(Lengths);
        Run(training, 0.7f, residual: true, threads: 1, training: true);
        Run(inference, 0.7f, residual: true, threads: 3, training: false);
        Assert.Equal(GetBits(training.Output), GetBits(inference.Output));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Memory_does_not_grow_with_the_square_of_the_length(bool training)
    {
        const int frames = 50_000; // [50,000, 50,000] is more than a buffer can hold
        using var workers = new WorkerPool(1);
        using var layer = new SelfAttention(null, true, 1, workers, new(frames, 1, frames), training);
        using var x = new AlignedBuffer(8);
        Assert.Equal(8, layer.Forward(new(x.Rows(0, 8, 1), [0, 8], 1)).Rows.Count);
    }

    // Runs the layer on a batch, whose outputs it sets; returns the gradient of the scale.
    private static float Run(Batch batch, float? scale, bool residual, int threads, bool training)
    {
        using var workers = new WorkerPool(threads);
        using var values = new AlignedBuffer(2);
        values.Span[0] = scale ?? 0;
        var parameter = new Parameter(
            new("scale", [], Initializer.AttentionScale),
            values.Rows(0, 1, 1),
            values.Rows(1, 1, 1),
            default,
            default
        );
        var capacity = new BatchCapacity(Lengths.Sum(), Lengths.Length, Lengths.Max());
        using var layer = new SelfAttention(
            scale is null ? null : parameter,
            residual,
            Width,
            workers,
            capacity,
            training
        );
        layer.Forward(batch.X).Rows.CopyTo(batch.Output);
        if (training)
            layer.Backward(batch.OutputGradient).CopyTo(batch.InputGradient);
        return values.Span[1];
    }

    private static int[] GetBits(MatrixView matrix) =>
        [.. matrix.Span.ToArray().Select(BitConverter.SingleToInt32Bits)];

    private sealed class Batch : IDisposable
    {
        private readonly AlignedBuffer memory;

        public Batch(int[] lengths)
        {
            var rows = lengths.Sum();
            memory = new AlignedBuffer(4 * rows * Width);
            int[] offsets = [0, .. lengths.Select((_, clip) => lengths[..(clip + 1)].Sum())];
            X = new(memory.Rows(0, rows, Width), offsets, lengths.Length);
            OutputGradient = memory.Rows(rows * Width, rows, Width);
            Output = memory.Rows(2 * rows * Width, rows, Width);
            InputGradient = memory.Rows(3 * rows * Width, rows, Width);
            new RandomStream(7).FillNormal(memory.Span[..(2 * rows * Width)]);
            // Dot products of normal numbers would saturate the softmax.
            VectorMath.Scale(X.Rows.Span, 0.4f, X.Rows.Span);
        }

        public PackedBatch X { get; }

        public MatrixView OutputGradient { get; }

        public MatrixView Output { get; }

        public MatrixView InputGradient { get; }

        public MatrixView GetClip(MatrixView rows, int clip) => rows.Slice(X.FirstRow(clip), X.FrameCount(clip));

        public void Dispose() => memory.Dispose();
    }
}
