using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Gemm;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Models.Layers;

/// <summary>
/// Dot-product self-attention within a clip, with a residual connection: y = softmax(s · x xᵀ) x + x, s a learned
/// scalar (Luong et al. 2015; Keras' Attention with use_scale and x as query, key and value). Without a scale s is 1;
/// v1 has neither scale nor residual.
/// </summary>
internal sealed class SelfAttention : IDisposable
{
    private readonly Disposables disposables = new();
    private readonly Parameter? scale;
    private readonly WorkerPool workers;
    private readonly int width;
    private readonly int maxFrames;
    private readonly bool residual;

    // [frames, frames] per clip: scores x xᵀ, and the softmax of their scaled values.
    private readonly AlignedBuffer dots;
    private readonly AlignedBuffer weights;

    private readonly AlignedBuffer output;
    private readonly AlignedBuffer gradWeights;
    private readonly AlignedBuffer gradX;
    private readonly AlignedBuffer scaleGradients;
    private readonly Action<int> forwardClip;
    private readonly Action<int> backwardClip;

    private PackedBatch x;
    private MatrixView gradient;

    /// <param name="scale">s; null: 1.</param>
    public SelfAttention(
        Parameter? scale,
        bool residual,
        int width,
        WorkerPool workers,
        BatchCapacity capacity,
        bool training
    )
    {
        this.scale = scale;
        this.residual = residual;
        this.workers = workers;
        this.width = width;
        maxFrames = capacity.Frames;
        var squares = checked(capacity.Rows * maxFrames);
        dots = disposables.Add(new AlignedBuffer(squares));
        weights = disposables.Add(new AlignedBuffer(squares));
        output = disposables.Add(new AlignedBuffer(capacity.Rows * width));
        gradWeights = disposables.Add(new AlignedBuffer(training ? squares : 0));
        gradX = disposables.Add(new AlignedBuffer(training ? capacity.Rows * width : 0));
        scaleGradients = disposables.Add(new AlignedBuffer(training ? capacity.Clips : 0));
        forwardClip = ForwardClip;
        backwardClip = BackwardClip;
    }

    /// <param name="clips">[rows, width].</param>
    /// <returns>[rows, width].</returns>
    public PackedBatch Forward(PackedBatch clips)
    {
        x = clips;
        workers.Run(clips.ClipCount, forwardClip);
        return clips.WithRows(output.Rows(0, clips.Rows.Count, width));
    }

    /// <param name="gradient">[rows, width].</param>
    /// <returns>[rows, width].</returns>
    public MatrixView Backward(MatrixView gradient)
    {
        this.gradient = gradient;
        workers.Run(x.ClipCount, backwardClip);
        if (scale is not null)
        {
            scale.Gradients.Span[0] = 0;
            for (var clip = 0; clip < x.ClipCount; clip++)
                scale.Gradients.Span[0] += scaleGradients.Span[clip];
        }
        return gradX.Rows(0, x.Rows.Count, width);
    }

    public void Dispose() => disposables.Dispose();

    private float Scale => scale is null ? 1 : scale.Values.Span[0];

    private MatrixView GetSquare(AlignedBuffer buffer, int clip) =>
        buffer.Rows(x.FirstRow(clip) * maxFrames, x.FrameCount(clip), x.FrameCount(clip));

    private MatrixView GetClip(AlignedBuffer buffer, int clip) =>
        buffer.Rows(x.FirstRow(clip) * width, x.FrameCount(clip), width);

    private void ForwardClip(int clip)
    {
        var frames = x.GetClip(clip);
        var dot = GetSquare(dots, clip);
        var weight = GetSquare(weights, clip);
        var y = GetClip(output, clip);
        MatrixProduct.MultiplyTransposedRight(frames, frames, dot); // [T, T]
        for (var t = 0; t < frames.Count; t++)
        {
            VectorMath.Scale(dot[t], Scale, weight[t]);
            Softmax.Apply(weight[t]);
        }
        if (residual)
            frames.CopyTo(y);
        MatrixProduct.Multiply(weight, frames, y, accumulate: residual); // [T, width]
    }

    // y = P x + x, P = softmax(s D), D = x xᵀ. dP = dy xᵀ; dS = P ∘ (dP - row sums of dP ∘ P); ds = Σ dS ∘
    // D; dx = dy + Pᵀ dy + s (dS + dSᵀ) x.
    private void BackwardClip(int clip)
    {
        var frames = x.GetClip(clip);
        var dy = gradient.Slice(x.FirstRow(clip), x.FrameCount(clip));
        var dot = GetSquare(dots, clip);
        var weight = GetSquare(weights, clip);
        var dS = GetSquare(gradWeights, clip);
        var dx = GetClip(gradX, clip);
        MatrixProduct.MultiplyTransposedRight(dy, frames, dS);
        var scaleGradient = 0f;
        for (var t = 0; t < frames.Count; t++)
        {
            VectorMath.AddScalar(dS[t], -VectorMath.Dot(dS[t], weight[t]), dS[t]);
            VectorMath.Multiply(dS[t], weight[t], dS[t]);
            scaleGradient += VectorMath.Dot(dS[t], dot[t]);
            VectorMath.Scale(dS[t], Scale, dS[t]);
        }
        scaleGradients.Span[clip] = scaleGradient;
        if (residual)
            dy.CopyTo(dx);
        MatrixProduct.MultiplyTransposedLeft(weight, dy, dx, accumulate: residual);
        MatrixProduct.Multiply(dS, frames, dx, accumulate: true);
        MatrixProduct.MultiplyTransposedLeft(dS, frames, dx, accumulate: true);
    }
}
