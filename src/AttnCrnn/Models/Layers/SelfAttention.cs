using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Gemm;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Models.Layers;

/// <summary>
/// Every frame looks at all frames of its clip: y = softmax(s · x xᵀ) x + x, s one learned number (Luong et al. 2015; Keras' Attention with
/// use_scale and x as query, key and value), with the residual. Without a scale s is 1 and not learned; v1 has neither it nor the residual.
/// </summary>
internal sealed class SelfAttention : IDisposable
{
    private readonly Parameter? scale;
    private readonly WorkerPool workers;
    private readonly int width,
        maxFrames;
    private readonly bool residual;
    private readonly AlignedBuffer dots,
        weights; // [frames, frames] a clip
    private readonly AlignedBuffer output;
    private readonly AlignedBuffer gradWeights,
        gradX,
        scaleParts;
    private readonly Action<int> forwardClip,
        backwardClip;

    private PackedBatch x;
    private MatrixView gradient;

    /// <param name="scale">s; null: 1.</param>
    public SelfAttention(
        Parameter? scale,
        bool residual,
        int width,
        WorkerPool workers,
        BatchCapacity largest,
        bool training
    )
    {
        this.scale = scale;
        this.residual = residual;
        this.workers = workers;
        this.width = width;
        maxFrames = largest.Frames;
        var squares = checked(largest.Rows * maxFrames);
        (dots, weights) = (new AlignedBuffer(squares), new AlignedBuffer(squares));
        output = new AlignedBuffer(largest.Rows * width);
        gradWeights = new AlignedBuffer(training ? squares : 0);
        gradX = new AlignedBuffer(training ? largest.Rows * width : 0);
        scaleParts = new AlignedBuffer(training ? largest.Clips : 0);
        (forwardClip, backwardClip) = (ForwardClip, BackwardClip);
    }

    /// <summary>Attention, and the residual where there is one.</summary>
    /// <param name="clips">[rows, width].</param>
    /// <returns>[rows, width].</returns>
    public PackedBatch Forward(PackedBatch clips)
    {
        x = clips;
        workers.Run(clips.Clips, forwardClip);
        return clips.With(output.Rows(0, clips.Rows.Count, width));
    }

    /// <param name="gradient">[rows, width].</param>
    /// <returns>[rows, width].</returns>
    public MatrixView Backward(MatrixView gradient)
    {
        this.gradient = gradient;
        workers.Run(x.Clips, backwardClip);
        if (scale is not null)
        {
            scale.Gradients.Span[0] = 0;
            for (var clip = 0; clip < x.Clips; clip++)
                scale.Gradients.Span[0] += scaleParts.Span[clip];
        }
        return gradX.Rows(0, x.Rows.Count, width);
    }

    public void Dispose()
    {
        foreach (var buffer in (AlignedBuffer[])[dots, weights, output, gradWeights, gradX, scaleParts])
            buffer.Dispose();
    }

    private float Scale => scale is null ? 1 : scale.Values.Span[0];

    private MatrixView Square(AlignedBuffer buffer, int clip) =>
        buffer.Rows(x.First(clip) * maxFrames, x.Count(clip), x.Count(clip));

    private MatrixView Clip(AlignedBuffer buffer, int clip) => buffer.Rows(x.First(clip) * width, x.Count(clip), width);

    private void ForwardClip(int clip)
    {
        var own = x.Clip(clip);
        var (dot, weight, y) = (Square(dots, clip), Square(weights, clip), Clip(output, clip));
        MatrixProduct.MultiplyTransposedRight(own, own, dot); // [T, T]
        for (var t = 0; t < own.Count; t++)
        {
            VectorMath.Scale(dot[t], Scale, weight[t]);
            Softmax.InPlace(weight[t]);
        }
        if (residual)
            own.CopyTo(y);
        MatrixProduct.Multiply(weight, own, y, accumulate: residual); // [T, width]
    }

    // y = P x + x, P = softmax(s D), D = x xᵀ. dP = dy xᵀ; dS = P ∘ (dP - rows' Σ dP ∘ P); ds = Σ dS ∘ D;
    // dx = dy + Pᵀ dy + s (dS + dSᵀ) x.
    private void BackwardClip(int clip)
    {
        var (own, dy) = (x.Clip(clip), gradient.Slice(x.First(clip), x.Count(clip)));
        var (dot, weight, dS, dx) = (
            Square(dots, clip),
            Square(weights, clip),
            Square(gradWeights, clip),
            Clip(gradX, clip)
        );
        MatrixProduct.MultiplyTransposedRight(dy, own, dS);
        var part = 0f;
        for (var t = 0; t < own.Count; t++)
        {
            VectorMath.AddScalar(dS[t], -VectorMath.Dot(dS[t], weight[t]), dS[t]);
            VectorMath.Multiply(dS[t], weight[t], dS[t]);
            part += VectorMath.Dot(dS[t], dot[t]);
            VectorMath.Scale(dS[t], Scale, dS[t]);
        }
        scaleParts.Span[clip] = part;
        if (residual)
            dy.CopyTo(dx);
        MatrixProduct.MultiplyTransposedLeft(weight, dy, dx, accumulate: residual);
        MatrixProduct.Multiply(dS, own, dx, accumulate: true);
        MatrixProduct.MultiplyTransposedLeft(dS, own, dx, accumulate: true);
    }
}
