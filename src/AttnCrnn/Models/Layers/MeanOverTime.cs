using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Models.Layers;

/// <summary>The mean of each clip's frames (Keras' GlobalAveragePooling1D, over real frames alone).</summary>
internal sealed class MeanOverTime : IDisposable
{
    private readonly WorkerPool workers;
    private readonly int width;
    private readonly AlignedBuffer output,
        gradX;
    private readonly Action<int> forwardClip,
        backwardClip;

    private PackedBatch x;
    private MatrixView gradient;

    public MeanOverTime(int width, WorkerPool workers, BatchCapacity largest, bool training)
    {
        (this.workers, this.width) = (workers, width);
        output = new AlignedBuffer(largest.Clips * width);
        gradX = new AlignedBuffer(training ? largest.Rows * width : 0);
        (forwardClip, backwardClip) = (ForwardClip, BackwardClip);
    }

    /// <param name="clips">[rows, width].</param>
    /// <returns>[clips, width].</returns>
    public MatrixView Forward(PackedBatch clips)
    {
        x = clips;
        workers.Run(clips.Clips, forwardClip);
        return output.Rows(0, clips.Clips, width);
    }

    /// <param name="gradient">[clips, width].</param>
    /// <returns>[rows, width].</returns>
    public MatrixView Backward(MatrixView gradient)
    {
        this.gradient = gradient;
        workers.Run(x.Clips, backwardClip);
        return gradX.Rows(0, x.Rows.Count, width);
    }

    public void Dispose()
    {
        output.Dispose();
        gradX.Dispose();
    }

    private void ForwardClip(int clip)
    {
        var own = x.Clip(clip);
        var to = output.Rows(clip * width, 1, width)[0];
        to.Clear();
        for (var t = 0; t < own.Count; t++)
            VectorMath.Add(to, own[t], to);
        VectorMath.Scale(to, 1f / own.Count, to);
    }

    private void BackwardClip(int clip)
    {
        for (var row = x.First(clip); row < x.First(clip) + x.Count(clip); row++)
            VectorMath.Scale(gradient[clip], 1f / x.Count(clip), gradX.Rows(row * width, 1, width)[0]);
    }
}
