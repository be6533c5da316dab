using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Models.Layers;

/// <summary>Makes one row of each clip's frames, clip by clip.</summary>
internal abstract class PoolingOverTime : Layer
{
    private readonly WorkerPool workers;
    private readonly int outputWidth;
    private readonly AlignedBuffer output;
    private readonly AlignedBuffer gradX;
    private readonly int[] offsets; // of one row per clip
    private readonly Action<int> forwardClip;
    private readonly Action<int> backwardClip;

    private PackedBatch x;
    private MatrixView gradient;

    /// <param name="outputWidth">Feature dimension of the output.</param>
    protected PoolingOverTime(LayerContext context, int outputWidth)
    {
        workers = context.Workers;
        Width = context.Width;
        this.outputWidth = outputWidth;
        output = new AlignedBuffer(context.Capacity.Clips * outputWidth);
        gradX = new AlignedBuffer(context.Training ? checked(context.Capacity.Rows * Width) : 0);
        offsets = PackedBatch.CreateRowOffsets(context.Capacity.Clips);
        forwardClip = clip => Pool(clip, x.GetClip(clip), GetRow(clip));
        backwardClip = clip =>
            ComputeGradient(
                clip,
                x.GetClip(clip),
                GetRow(clip),
                gradient[clip],
                gradX.Rows(x.FirstRow(clip) * Width, x.FrameCount(clip), Width)
            );
    }

    /// <summary>Feature dimension of the input.</summary>
    protected int Width { get; }

    /// <summary>The frames of the last <see cref="Forward"/>.</summary>
    protected PackedBatch Clips => x;

    /// <summary>Pools each clip.</summary>
    /// <param name="clips">[rows, width].</param>
    /// <returns>[clips, output width]: one row per clip.</returns>
    public override PackedBatch Forward(PackedBatch clips, ForwardPass pass = default)
    {
        x = clips;
        workers.Run(clips.ClipCount, forwardClip);
        return new(output.Rows(0, clips.ClipCount, outputWidth), offsets, clips.ClipCount);
    }

    /// <inheritdoc/>
    public override MatrixView Backward(MatrixView gradient)
    {
        this.gradient = gradient;
        workers.Run(x.ClipCount, backwardClip);
        return gradX.Rows(0, x.Rows.Count, Width);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        output.Dispose();
        gradX.Dispose();
    }

    /// <summary>Pools a clip; clips run in parallel.</summary>
    /// <param name="frames">[frames, width].</param>
    /// <param name="result">[output width].</param>
    protected abstract void Pool(int clip, MatrixView frames, Span<float> result);

    /// <summary>Computes the gradient of a clip's frames; clips run in parallel.</summary>
    /// <param name="frames">[frames, width].</param>
    /// <param name="result">[output width], as <see cref="Pool"/> computed it.</param>
    /// <param name="resultGradient">[output width].</param>
    /// <param name="frameGradients">[frames, width].</param>
    protected abstract void ComputeGradient(
        int clip,
        MatrixView frames,
        ReadOnlySpan<float> result,
        Span<float> resultGradient,
        MatrixView frameGradients
    );

    /// <summary>The mean of frames.</summary>
    /// <param name="frames">[frames, width].</param>
    /// <param name="mean">[width].</param>
    protected static void ComputeMean(MatrixView frames, Span<float> mean)
    {
        mean.Clear();
        for (var t = 0; t < frames.Count; t++)
            VectorMath.Add(mean, frames[t], mean);
        VectorMath.Scale(mean, 1f / frames.Count, mean);
    }

    private Span<float> GetRow(int clip) => output.Rows(clip * outputWidth, 1, outputWidth)[0];
}
