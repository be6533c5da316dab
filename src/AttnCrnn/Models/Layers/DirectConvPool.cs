using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Gemm;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Models.Layers;

/// <summary>By direct products: every output is one chain of multiply-adds over taps and channels.</summary>
/// <remarks>
/// The clips are laid out with two rows of zeros before, between and after them. A row of five frames, one frame apart, is then what one
/// output sees, so the convolution of all clips is one product whose left rows overlap: [positions, 5 · width] x [5 · width, filters].
/// The few positions between clips are computed and never looked at; on the way back their gradient is zero.
/// </remarks>
internal sealed class DirectConvPool : ConvPool
{
    private const int Border = Taps / 2;

    private readonly Parameter kernel;
    private readonly Parameter bias;
    private readonly WorkerPool workers;
    private readonly int width;
    private readonly int filters;
    private readonly AlignedBuffer spaced; // x with its borders
    private readonly AlignedBuffer sums; // the convolution, before bias and ReLU, at the same positions
    private readonly AlignedBuffer pooled;
    private readonly int[] offsets;
    private readonly Gradients? gradients;
    private readonly Action<int> space,
        pool,
        unpool,
        unspace;

    private PackedBatch x;
    private PackedBatch y;
    private MatrixView gradY;

    public DirectConvPool(
        Parameter kernel,
        Parameter bias,
        WorkerPool workers,
        BatchCapacity largest,
        bool training,
        bool inputGradient
    )
    {
        this.kernel = kernel;
        this.bias = bias;
        this.workers = workers;
        (width, filters) = (kernel.Shape[1], kernel.Shape[2]);
        var positions = Positions(largest.Rows, largest.Clips);
        spaced = new AlignedBuffer(checked(positions * width));
        sums = new AlignedBuffer(checked(positions * filters));
        pooled = new AlignedBuffer(largest.Rows / 2 * filters);
        offsets = new int[largest.Clips + 1];
        if (training)
            gradients = new Gradients(this, positions, largest, inputGradient);
        (space, pool, unpool, unspace) = (Space, Pool, Unpool, Unspace);
    }

    /// <inheritdoc/>
    public override PackedBatch Forward(PackedBatch clips)
    {
        x = clips;
        for (var clip = 0; clip < clips.Clips; clip++)
            offsets[clip + 1] = offsets[clip] + (clips.Count(clip) / 2);
        y = new PackedBatch(pooled.Rows(0, offsets[clips.Clips], filters), offsets, clips.Clips);
        workers.Run(clips.Clips, space); // [positions, width]
        MatrixProduct.Multiply(workers, Windows(spaced, width), Kernel(kernel.Values), Inner(sums)); // [positions - 4, filters]
        workers.Run(clips.Clips, pool); // [rows / 2, filters]
        return y;
    }

    /// <inheritdoc/>
    public override MatrixView Backward(MatrixView gradient)
    {
        gradY = gradient;
        workers.Run(x.Clips, unpool); // gradients.Sums [positions, filters]
        var gradSums = Inner(gradients!.Sums);
        gradients.BiasSums.Sum(gradSums, bias.Gradients.Span);
        MatrixProduct.MultiplyTransposedLeft(workers, Windows(spaced, width), gradSums, Kernel(kernel.Gradients));
        if (gradients.X is null)
            return default;
        // x[t] went into y[t + 2 - tap] by W[tap]: the same convolution with the taps in reverse and each turned over.
        for (var tap = 0; tap < Taps; tap++)
            Transposition.Copy(
                kernel.Values.Slice(tap * width, width),
                gradients.Turned!.Rows((Taps - 1 - tap) * filters * width, filters, width)
            );
        MatrixProduct.Multiply(
            workers,
            Windows(gradients.Sums, filters),
            gradients.Turned!.Rows(0, Taps * filters, width),
            Inner(gradients.Spaced!, width)
        );
        workers.Run(x.Clips, unspace);
        return gradients.X.Rows(0, x.Rows.Count, width);
    }

    /// <summary>After ReLU and before pooling, as Keras' Conv1D gives it, [rows, filters]: for comparison with it.</summary>
    internal float[] Activations()
    {
        var all = new List<float>();
        for (var clip = 0; clip < x.Clips; clip++)
        for (var t = 0; t < x.Count(clip); t++)
        {
            var sum = At(sums, filters, clip)[t];
            for (var i = 0; i < filters; i++)
                all.Add(Math.Max(0, sum[i] + bias.Values.Span[i]));
        }
        return [.. all];
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        spaced.Dispose();
        sums.Dispose();
        pooled.Dispose();
        gradients?.Dispose();
    }

    private static int Positions(int rows, int clips) => rows + (Border * (clips + 1));

    private int PositionsNow => Positions(x.Rows.Count, x.Clips);

    private MatrixView Windows(AlignedBuffer buffer, int width) =>
        buffer.Rows(0, PositionsNow - (2 * Border), Taps * width, stride: width);

    private MatrixView Inner(AlignedBuffer buffer) => Inner(buffer, filters);

    private MatrixView Inner(AlignedBuffer buffer, int width) =>
        buffer.Rows(Border * width, PositionsNow - (2 * Border), width);

    private MatrixView Kernel(MatrixView values) => values; // [5 · width, filters], as Keras has it

    // A clip's own positions.
    private MatrixView At(AlignedBuffer buffer, int width, int clip) =>
        buffer.Rows((x.First(clip) + (Border * (clip + 1))) * width, x.Count(clip), width);

    private void Space(int clip)
    {
        x.Clip(clip).CopyTo(At(spaced, width, clip));
        ClearBorders(spaced, width, clip);
    }

    private void Pool(int clip) => Pooling.Forward(At(sums, filters, clip), bias.Values.Span, y.Clip(clip));

    private void Unpool(int clip)
    {
        Pooling.Backward(
            At(sums, filters, clip),
            y.Clip(clip),
            gradY.Slice(y.First(clip), y.Count(clip)),
            At(gradients!.Sums, filters, clip)
        );
        ClearBorders(gradients.Sums, filters, clip);
    }

    private void Unspace(int clip) =>
        At(gradients!.Spaced!, width, clip).CopyTo(gradients.X!.Rows(x.First(clip) * width, x.Count(clip), width));

    // The rows before a clip, and those after the last.
    private void ClearBorders(AlignedBuffer buffer, int width, int clip)
    {
        buffer.Rows((x.First(clip) + (Border * clip)) * width, Border, width).Clear();
        if (clip == x.Clips - 1)
            buffer.Rows((PositionsNow - Border) * width, Border, width).Clear();
    }

    private sealed class Gradients : IDisposable
    {
        public Gradients(DirectConvPool directConvPool, int positions, BatchCapacity largest, bool inputGradient)
        {
            Sums = new AlignedBuffer(checked(positions * directConvPool.filters));
            BiasSums = new ColumnSums(directConvPool.workers, positions, directConvPool.filters);
            if (!inputGradient)
                return;
            Turned = new AlignedBuffer(Taps * directConvPool.filters * directConvPool.width);
            Spaced = new AlignedBuffer(checked(positions * directConvPool.width));
            X = new AlignedBuffer(checked(largest.Rows * directConvPool.width));
        }

        public AlignedBuffer Sums { get; }

        public ColumnSums BiasSums { get; }

        public AlignedBuffer? Turned { get; }

        public AlignedBuffer? Spaced { get; }

        public AlignedBuffer? X { get; }

        public void Dispose()
        {
            Sums.Dispose();
            BiasSums.Dispose();
            Turned?.Dispose();
            Spaced?.Dispose();
            X?.Dispose();
        }
    }
}
