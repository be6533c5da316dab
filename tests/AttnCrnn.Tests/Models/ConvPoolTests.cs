using AttnCrnn.Models;
using AttnCrnn.Models.Layers.Convolution;
using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;
using CsCheck;

namespace AttnCrnn.Tests.Models;

/// <summary>
/// Winograd convolution against direct convolution, for any clip lengths and widths not divisible by a vector.
/// </summary>
public sealed class ConvPoolTests(ITestOutputHelper output)
{
    private static readonly Gen<(int[] Frames, int Width, int Filters, int Seed)> Shapes = Gen.Select(
        Gen.OneOf(Gen.Int[2, 30].Array[1, 40], Gen.Int[2, 300].Array[1, 5]),
        Gen.Int[1, 70],
        Gen.Int[1, 70],
        Gen.Int[0, 999]
    );

    [Fact]
    public void Winograd_outputs_and_gradients_match_direct_convolution() =>
        Shapes.Sample(sizes => Check(sizes.Frames, sizes.Width, sizes.Filters, sizes.Seed), iter: 60, threads: 1);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(1100)] // more tiles than one round of the weight gradient
    public void Shortest_clips_and_many_tiles_match_direct_convolution(int frames) =>
        Check([frames, 4, frames], 33, 9, 1);

    // The second clip is in the first and in the second chunk of the backward pass. Terms of 0 do not change a sum.
    [Fact]
    public void Gradients_of_a_clip_have_the_same_bits_alone_and_across_chunks_of_tiles()
    {
        const int width = 5;
        const int filters = 7;
        int[] frames = [8200, 8300, 300];
        using var weights = new Weights(width, filters, new RandomStream(1));
        using var buffer = new AlignedBuffer((frames.Sum() * width) + (frames.Sum() / 2 * filters));
        new RandomStream(2).FillNormal(buffer.Span);
        var x = buffer.Rows(0, frames.Sum(), width);
        var gradient = buffer.Rows(frames.Sum() * width, frames.Sum() / 2, filters);
        gradient.Slice(0, 4100).Clear();
        gradient.Slice(8250, 150).Clear();

        var alone = RunWinograd(weights, new(x.Slice(8200, 8300), [0, 8300], 1), gradient.Slice(4100, 4150));
        var batch = RunWinograd(weights, new(x, [0, 8200, 16_500, 16_800], 3), gradient);

        Assert.Equal(alone.Kernel, batch.Kernel);
        Assert.Equal(alone.Bias, batch.Bias);
        Assert.Equal(alone.X, batch.X[(8200 * width)..(16_500 * width)]);
    }

    private static (float[] X, float[] Kernel, float[] Bias) RunWinograd(
        Weights weights,
        PackedBatch x,
        MatrixView gradient
    )
    {
        using var workers = new WorkerPool(2);
        using var layer = ConvPool.Create(
            weights.Kernel,
            weights.Bias,
            workers,
            new(x.Rows.Count, x.ClipCount, x.Rows.Count),
            training: true,
            inputGradient: true,
            exact: false
        );
        layer.Forward(x);
        var gradX = layer.Backward(gradient).Span.ToArray();
        return (gradX, weights.Kernel.Gradients.Span.ToArray(), weights.Bias.Gradients.Span.ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void NaN_propagates_through_ReLU_and_pooling(bool exact)
    {
        using var workers = new WorkerPool(1);
        using var weights = new Weights(3, 5, new RandomStream(1));
        using var layer = ConvPool.Create(
            weights.Kernel,
            weights.Bias,
            workers,
            new(20, 1, 20),
            training: false,
            inputGradient: false,
            exact
        );
        for (var frame = 0; frame < 20; frame++)
        {
            using var x = new AlignedBuffer(60);
            new RandomStream(2).FillNormal(x.Span);
            x.Span[frame * 3] = float.NaN;
            var y = layer.Forward(new(x.Rows(0, 20, 3), [0, 20], 1)).Rows;
            Assert.All(y[frame / 2].ToArray(), value => Assert.True(float.IsNaN(value)));
        }
    }

    private void Check(int[] frames, int width, int filters, int seed)
    {
        var (rows, random) = (frames.Sum(), new RandomStream((ulong)seed));
        using var workers = new WorkerPool(2);
        using var buffer = new AlignedBuffer((rows * width) + (rows * filters));
        random.FillNormal(buffer.Span);
        var offsets = frames.Aggregate(new List<int> { 0 }, (all, count) => [.. all, all[^1] + count]).ToArray();
        var x = new PackedBatch(buffer.Rows(0, rows, width), offsets, frames.Length);
        using var weights = new Weights(width, filters, random);
        using var directLayer = ConvPool.Create(
            weights.Kernel,
            weights.Bias,
            workers,
            new(rows, frames.Length, frames.Max()),
            training: true,
            inputGradient: true,
            exact: true
        );
        using var winograd = ConvPool.Create(
            weights.Kernel,
            weights.Bias,
            workers,
            new(rows, frames.Length, frames.Max()),
            training: true,
            inputGradient: true,
            exact: false
        );

        var expected = directLayer.Forward(x);
        var (pooled, lengths) = (
            expected.Rows.Span.ToArray(),
            Enumerable.Range(0, frames.Length).Select(expected.FrameCount).ToArray()
        );
        var actual = winograd.Forward(x);
        Assert.Equal(lengths, Enumerable.Range(0, frames.Length).Select(actual.FrameCount));
        FloatAssert.NearInNorm(pooled, actual.Rows.Span, 3e-6, "outputs");

        var gradient = buffer.Rows(rows * width, pooled.Length / filters, filters);
        LeaveOutTies(x, weights, gradient);
        var gradX = directLayer.Backward(gradient).Span.ToArray();
        var (gradKernel, gradBias) = (weights.Kernel.Gradients.Span.ToArray(), weights.Bias.Gradients.Span.ToArray());
        FloatAssert.NearInNorm(gradX, winograd.Backward(gradient).Span, 3e-6, "gradient of x");
        FloatAssert.NearInNorm(gradKernel, weights.Kernel.Gradients.Span, 3e-6, "gradient of the kernel");
        // Sums of normal numbers may be near 0, so the tolerance is relative to the size of the terms.
        var biasError = Math.Sqrt(
            gradBias.Zip(weights.Bias.Gradients.Span.ToArray(), (a, b) => ((double)a - b) * ((double)a - b)).Sum()
                / gradient.Span.Length
        );
        Assert.True(biasError < 3e-6, $"of the bias: {biasError}");
    }

    // Where rounding decides between two pooled outputs, or at ReLU's 0, the gradient may take another path: such
    // elements get a zero gradient.
    private void LeaveOutTies(PackedBatch x, Weights weights, MatrixView gradient)
    {
        var (width, filters, pair) = (x.Rows.Width, gradient.Width, 0);
        for (var clip = 0; clip < x.ClipCount; clip++)
        for (var t = 0; t < x.FrameCount(clip) / 2; t++, pair++)
        for (var f = 0; f < filters; f++)
        {
            double Output(int index)
            {
                double sum = weights.Bias.Values[0][f];
                for (var tap = 0; tap < ConvPool.Taps; tap++)
                    if (index + tap - 2 >= 0 && index + tap - 2 < x.FrameCount(clip))
                        for (var i = 0; i < width; i++)
                            sum +=
                                (double)x.GetClip(clip)[index + tap - 2][i]
                                * weights.Kernel.Values[(tap * width) + i][f];
                return sum;
            }
            var (first, second) = (Output(2 * t), Output((2 * t) + 1));
            var larger = Math.Max(first, second);
            var margin = larger > 0 ? Math.Min(larger, Math.Abs(first - second)) : -larger;
            if (margin > 5e-6 * Math.Sqrt(5 * width))
                continue; // about ten times the rounding error of such sums
            output.WriteLine($"clip {clip}, pair {t}, filter {f}: a margin of {margin:0.0e0}");
            gradient[pair][f] = 0;
        }
    }

    private sealed class Weights : IDisposable
    {
        private readonly AlignedBuffer memory;

        public Weights(int width, int filters, RandomStream random)
        {
            var length = ConvPool.Taps * width * filters;
            memory = new AlignedBuffer(2 * (length + filters));
            random.ForStream(RandomStreamId.Initialization).FillNormal(memory.Span);
            Kernel = new(
                new("kernel", [ConvPool.Taps, width, filters], Initializer.GlorotUniform),
                memory.Rows(0, ConvPool.Taps * width, filters),
                memory.Rows(length, ConvPool.Taps * width, filters),
                default,
                default
            );
            Bias = new(
                new("bias", [filters], Initializer.Zeros),
                memory.Rows(2 * length, 1, filters),
                memory.Rows((2 * length) + filters, 1, filters),
                default,
                default
            );
        }

        public Parameter Kernel { get; }

        public Parameter Bias { get; }

        public void Dispose() => memory.Dispose();
    }
}
