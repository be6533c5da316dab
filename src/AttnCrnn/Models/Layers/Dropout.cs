using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Models.Layers;

/// <summary>Element-wise dropout with one random stream per clip; in place, to save memory.</summary>
internal sealed class Dropout : IDisposable
{
    private readonly double rate;
    private readonly RandomStreamId streamId;
    private readonly WorkerPool workers;
    private readonly AlignedBuffer masks;
    private readonly Action<int> forwardClip;
    private readonly Action<int> backwardClip;

    private PackedBatch x;
    private MatrixView gradient;
    private RandomStream stream;
    private bool active;

    public Dropout(double rate, RandomStreamId streamId, int width, WorkerPool workers, int maxRows, bool training)
    {
        this.rate = rate;
        this.streamId = streamId;
        this.workers = workers;
        masks = new AlignedBuffer(training && rate > 0 ? maxRows * width : 0);
        forwardClip = ForwardClip;
        backwardClip = BackwardClip;
    }

    /// <param name="clips">[rows, width]; multiplied by the masks in place.</param>
    /// <param name="random">Null: no dropout.</param>
    public PackedBatch Forward(PackedBatch clips, RandomStream? random)
    {
        active = random is not null && rate > 0;
        if (!active)
            return clips;
        x = clips;
        stream = random!.Value;
        workers.Run(clips.ClipCount, forwardClip);
        return clips;
    }

    /// <param name="gradient">[rows, width]; multiplied by the masks in place.</param>
    public MatrixView Backward(MatrixView gradient)
    {
        if (!active)
            return gradient;
        this.gradient = gradient;
        workers.Run(x.ClipCount, backwardClip);
        return gradient;
    }

    public void Dispose() => masks.Dispose();

    private Span<float> GetMask(int clip) =>
        masks.Rows(x.FirstRow(clip) * x.Rows.Width, x.FrameCount(clip), x.Rows.Width).Span;

    private void ForwardClip(int clip)
    {
        DropoutMask.Fill(stream.ForStream(streamId, (uint)clip), rate, GetMask(clip));
        var values = x.GetClip(clip).Span;
        VectorMath.Multiply(values, GetMask(clip), values);
    }

    private void BackwardClip(int clip)
    {
        var values = gradient.Slice(x.FirstRow(clip), x.FrameCount(clip)).Span;
        VectorMath.Multiply(values, GetMask(clip), values);
    }
}
