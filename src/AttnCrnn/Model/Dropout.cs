using AttnCrnn.Kernels;

namespace AttnCrnn.Model;

/// <summary>Dropout of single numbers, a mask a clip; in place, so that the frames need not be kept twice.</summary>
internal sealed class Dropout : IDisposable
{
    private readonly double rate;
    private readonly Purpose purpose;
    private readonly Workers workers;
    private readonly FloatBuffer masks;
    private readonly Action<int> forwardClip, backwardClip;

    private Ragged x;
    private Rows gradient;
    private Draw draw;
    private bool active;

    public Dropout(double rate, Purpose purpose, int width, Workers workers, int mostRows, bool training)
    {
        this.rate = rate;
        this.purpose = purpose;
        this.workers = workers;
        masks = new FloatBuffer(training && rate > 0 ? mostRows * width : 0);
        (forwardClip, backwardClip) = (ForwardClip, BackwardClip);
    }

    /// <param name="clips">[rows, width]; multiplied by the masks where they lie.</param>
    /// <param name="draw">Null: nothing is dropped.</param>
    public Ragged Forward(Ragged clips, Draw? draw)
    {
        active = draw is not null && rate > 0;
        if (!active) return clips;
        x = clips;
        this.draw = draw!.Value;
        workers.Run(clips.Clips, forwardClip);
        return clips;
    }

    /// <param name="gradient">[rows, width]; multiplied by the masks where it lies.</param>
    public Rows Backward(Rows gradient)
    {
        if (!active) return gradient;
        this.gradient = gradient;
        workers.Run(x.Clips, backwardClip);
        return gradient;
    }

    public void Dispose() => masks.Dispose();

    private Span<float> Mask(int clip) => masks.Rows(x.First(clip) * x.Rows.Width, x.Count(clip), x.Rows.Width).Span;

    private void ForwardClip(int clip)
    {
        DropoutMask.Draw(draw.For(purpose, (uint)clip), rate, Mask(clip));
        var own = x.Clip(clip).Span;
        Elementwise.Multiply(own, Mask(clip), own);
    }

    private void BackwardClip(int clip)
    {
        var own = gradient.Slice(x.First(clip), x.Count(clip)).Span;
        Elementwise.Multiply(own, Mask(clip), own);
    }
}
