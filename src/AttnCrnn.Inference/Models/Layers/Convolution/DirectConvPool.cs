using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Gemm;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Models.Layers.Convolution;

/// <summary>Direct convolution: every output accumulates multiply-adds over taps and channels in order.</summary>
/// <remarks>
/// The clips are stored with two rows of zeros before, between and after them. The receptive field of an output is then
/// five consecutive rows, so the convolution of all clips is one matrix product whose left rows overlap:
/// [positions, 5 · width] x [5 · width, filters]. The few positions between clips are computed and ignored; their
/// gradient is zero in the backward pass.
/// </remarks>
internal sealed class DirectConvPool : ConvPool
{
    private const int Border = Taps / 2;

    private readonly Disposables disposables = new();
    private readonly Parameter kernel;
    private readonly Parameter bias;
    private readonly WorkerPool workers;
    private readonly int width;
    private readonly int filters;
    private readonly AlignedBuffer bordered; // x with zero borders
    private readonly AlignedBuffer sums; // convolution before bias and ReLU, at the same positions
    private readonly AlignedBuffer pooled;
    private readonly int[] offsets;
    private readonly Gradients? gradients;
    private readonly Action<int> addBorders;
    private readonly Action<int> pool;
    private readonly Action<int> poolBackward;
    private readonly Action<int> removeBorders;

    private PackedBatch x;
    private PackedBatch y;
    private MatrixView gradY;

    public DirectConvPool(
        Parameter kernel,
        Parameter bias,
        WorkerPool workers,
        BatchCapacity capacity,
        bool training,
        bool inputGradient
    )
    {
        this.kernel = kernel;
        this.bias = bias;
        this.workers = workers;
        width = kernel.Shape[1];
        filters = kernel.Shape[2];
        var positions = CountPositions(capacity.Rows, capacity.Clips);
        bordered = disposables.Add(new AlignedBuffer(checked(positions * width)));
        sums = disposables.Add(new AlignedBuffer(checked(positions * filters)));
        pooled = disposables.Add(new AlignedBuffer(capacity.Rows / 2 * filters));
        offsets = new int[capacity.Clips + 1];
        if (training)
            gradients = disposables.Add(new Gradients(this, positions, capacity, inputGradient));
        addBorders = AddBorders;
        pool = Pool;
        poolBackward = PoolBackward;
        removeBorders = RemoveBorders;
    }

    /// <inheritdoc/>
    public override PackedBatch Forward(PackedBatch clips, ForwardPass pass = default)
    {
        x = clips;
        for (var clip = 0; clip < clips.ClipCount; clip++)
            offsets[clip + 1] = offsets[clip] + (clips.FrameCount(clip) / 2);
        y = new PackedBatch(pooled.Rows(0, offsets[clips.ClipCount], filters), offsets, clips.ClipCount);
        workers.Run(clips.ClipCount, addBorders); // [positions, width]
        // The kernel is [5 · width, filters], as in Keras; the product [positions - 4, filters].
        MatrixProduct.Multiply(workers, GetWindows(bordered, width), kernel.Values, GetOutputPositions(sums));
        workers.Run(clips.ClipCount, pool); // [rows / 2, filters]
        return y;
    }

    /// <inheritdoc/>
    public override MatrixView Backward(MatrixView gradient)
    {
        gradY = gradient;
        workers.Run(x.ClipCount, poolBackward); // gradients.Sums [positions, filters]
        var gradSums = GetOutputPositions(gradients!.Sums);
        gradients.BiasSums.Sum(gradSums, bias.Gradients.Span);
        MatrixProduct.MultiplyTransposedLeft(workers, GetWindows(bordered, width), gradSums, kernel.Gradients);
        if (gradients.GradX is null)
            return default;
        // y[t + 2 - tap] += x[t] W[tap], so the gradient is the same convolution with the taps reversed and transposed.
        for (var tap = 0; tap < Taps; tap++)
            Transposition.Copy(
                kernel.Values.Slice(tap * width, width),
                gradients.ReversedKernel!.Rows((Taps - 1 - tap) * filters * width, filters, width)
            );
        MatrixProduct.Multiply(
            workers,
            GetWindows(gradients.Sums, filters),
            gradients.ReversedKernel!.Rows(0, Taps * filters, width),
            GetOutputPositions(gradients.BorderedGradX!, width)
        );
        workers.Run(x.ClipCount, removeBorders);
        return gradients.GradX.Rows(0, x.Rows.Count, width);
    }

    /// <summary>
    /// Output after ReLU and before pooling, as of Keras' Conv1D, [rows, filters]; for comparison with Keras.
    /// </summary>
    internal float[] ComputeActivations()
    {
        var outputs = new List<float>();
        for (var clip = 0; clip < x.ClipCount; clip++)
        for (var t = 0; t < x.FrameCount(clip); t++)
        {
            var sum = GetPositions(sums, filters, clip)[t];
            for (var i = 0; i < filters; i++)
                outputs.Add(Math.Max(0, sum[i] + bias.Values.Span[i]));
        }
        return [.. outputs];
    }

    /// <inheritdoc/>
    public override void Dispose() => disposables.Dispose();

    private static int CountPositions(int rows, int clips) => rows + (Border * (clips + 1));

    private int PositionCount => CountPositions(x.Rows.Count, x.ClipCount);

    private MatrixView GetWindows(AlignedBuffer buffer, int width) =>
        buffer.Rows(0, PositionCount - (2 * Border), Taps * width, stride: width);

    private MatrixView GetOutputPositions(AlignedBuffer buffer) => GetOutputPositions(buffer, filters);

    private MatrixView GetOutputPositions(AlignedBuffer buffer, int width) =>
        buffer.Rows(Border * width, PositionCount - (2 * Border), width);

    // The positions of a clip, without borders.
    private MatrixView GetPositions(AlignedBuffer buffer, int width, int clip) =>
        buffer.Rows((x.FirstRow(clip) + (Border * (clip + 1))) * width, x.FrameCount(clip), width);

    private void AddBorders(int clip)
    {
        x.GetClip(clip).CopyTo(GetPositions(bordered, width, clip));
        ClearBorders(bordered, width, clip);
    }

    private void Pool(int clip) =>
        Pooling.Forward(GetPositions(sums, filters, clip), bias.Values.Span, y.GetClip(clip));

    private void PoolBackward(int clip)
    {
        Pooling.Backward(
            GetPositions(sums, filters, clip),
            y.GetClip(clip),
            gradY.Slice(y.FirstRow(clip), y.FrameCount(clip)),
            GetPositions(gradients!.Sums, filters, clip)
        );
        ClearBorders(gradients.Sums, filters, clip);
    }

    private void RemoveBorders(int clip) =>
        GetPositions(gradients!.BorderedGradX!, width, clip)
            .CopyTo(gradients.GradX!.Rows(x.FirstRow(clip) * width, x.FrameCount(clip), width));

    // Clears the border before a clip, and the one after the last clip.
    private void ClearBorders(AlignedBuffer buffer, int width, int clip)
    {
        buffer.Rows((x.FirstRow(clip) + (Border * clip)) * width, Border, width).Clear();
        if (clip == x.ClipCount - 1)
            buffer.Rows((PositionCount - Border) * width, Border, width).Clear();
    }

    private sealed class Gradients : IDisposable
    {
        private readonly Disposables disposables = new();

        public Gradients(DirectConvPool layer, int positions, BatchCapacity capacity, bool inputGradient)
        {
            Sums = disposables.Add(new AlignedBuffer(checked(positions * layer.filters)));
            BiasSums = disposables.Add(new ColumnSums(layer.workers, positions, layer.filters));
            if (!inputGradient)
                return;
            ReversedKernel = disposables.Add(new AlignedBuffer(Taps * layer.filters * layer.width));
            BorderedGradX = disposables.Add(new AlignedBuffer(checked(positions * layer.width)));
            GradX = disposables.Add(new AlignedBuffer(checked(capacity.Rows * layer.width)));
        }

        public AlignedBuffer Sums { get; }

        public ColumnSums BiasSums { get; }

        public AlignedBuffer? ReversedKernel { get; }

        public AlignedBuffer? BorderedGradX { get; }

        public AlignedBuffer? GradX { get; }

        public void Dispose() => disposables.Dispose();
    }
}
