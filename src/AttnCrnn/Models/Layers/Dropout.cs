using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Models.Layers;

/// <summary>Dropout of single numbers, a mask a clip; in place, so that the frames need not be kept twice.</summary>
internal sealed class Dropout : IDisposable
{
    private readonly double rate;
    private readonly RandomStreamId purpose;
    private readonly WorkerPool workers;
    private readonly AlignedBuffer masks;
    private readonly Action<int> forwardClip,
        backwardClip;

    private PackedBatch x;
    private MatrixView gradient;
    private RandomStream draw;
    private bool active;

    public Dropout(double rate, RandomStreamId purpose, int width, WorkerPool workers, int mostRows, bool training)
    {
        this.rate = rate;
        this.purpose = purpose;
        this.workers = workers;
        masks = new AlignedBuffer(training && rate > 0 ? mostRows * width : 0);
        (forwardClip, backwardClip) = (ForwardClip, BackwardClip);
    }

    /// <param name="clips">[rows, width]; multiplied by the masks where they lie.</param>
    /// <param name="random">Null: nothing is dropped.</param>
    public PackedBatch Forward(PackedBatch clips, RandomStream? random)
    {
        active = random is not null && rate > 0;
        if (!active)
            return clips;
        x = clips;
        this.draw = random!.Value;
        workers.Run(clips.Clips, forwardClip);
        return clips;
    }

    /// <param name="gradient">[rows, width]; multiplied by the masks where it lies.</param>
    public MatrixView Backward(MatrixView gradient)
    {
        if (!active)
            return gradient;
        this.gradient = gradient;
        workers.Run(x.Clips, backwardClip);
        return gradient;
    }

    public void Dispose() => masks.Dispose();

    private Span<float> Mask(int clip) => masks.Rows(x.First(clip) * x.Rows.Width, x.Count(clip), x.Rows.Width).Span;

    private void ForwardClip(int clip)
    {
        DropoutMask.Fill(draw.ForStream(purpose, (uint)clip), rate, Mask(clip));
        var own = x.Clip(clip).Span;
        VectorMath.Multiply(own, Mask(clip), own);
    }

    private void BackwardClip(int clip)
    {
        var own = gradient.Slice(x.First(clip), x.Count(clip)).Span;
        VectorMath.Multiply(own, Mask(clip), own);
    }
}
