using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Models.Layers;

/// <summary>The mean of each clip's frames (Keras' GlobalAveragePooling1D, without padding).</summary>
internal sealed class MeanOverTime : IDisposable
{
    private readonly WorkerPool workers;
    private readonly int width;
    private readonly AlignedBuffer output;
    private readonly AlignedBuffer gradX;
    private readonly Action<int> forwardClip;
    private readonly Action<int> backwardClip;

    private PackedBatch x;
    private MatrixView gradient;

    public MeanOverTime(int width, WorkerPool workers, BatchCapacity capacity, bool training)
    {
        this.workers = workers;
        this.width = width;
        output = new AlignedBuffer(capacity.Clips * width);
        gradX = new AlignedBuffer(training ? capacity.Rows * width : 0);
        forwardClip = ForwardClip;
        backwardClip = BackwardClip;
    }

    /// <param name="clips">[rows, width].</param>
    /// <returns>[clips, width].</returns>
    public MatrixView Forward(PackedBatch clips)
    {
        x = clips;
        workers.Run(clips.ClipCount, forwardClip);
        return output.Rows(0, clips.ClipCount, width);
    }

    /// <param name="gradient">[clips, width].</param>
    /// <returns>[rows, width].</returns>
    public MatrixView Backward(MatrixView gradient)
    {
        this.gradient = gradient;
        workers.Run(x.ClipCount, backwardClip);
        return gradX.Rows(0, x.Rows.Count, width);
    }

    public void Dispose()
    {
        output.Dispose();
        gradX.Dispose();
    }

    private void ForwardClip(int clip)
    {
        var frames = x.GetClip(clip);
        var mean = output.Rows(clip * width, 1, width)[0];
        mean.Clear();
        for (var t = 0; t < frames.Count; t++)
            VectorMath.Add(mean, frames[t], mean);
        VectorMath.Scale(mean, 1f / frames.Count, mean);
    }

    private void BackwardClip(int clip)
    {
        for (var row = x.FirstRow(clip); row < x.FirstRow(clip) + x.FrameCount(clip); row++)
            VectorMath.Scale(gradient[clip], 1f / x.FrameCount(clip), gradX.Rows(row * width, 1, width)[0]);
    }
}
