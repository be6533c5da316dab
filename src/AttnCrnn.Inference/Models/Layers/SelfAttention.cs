using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Gemm;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Models.Layers;

/// <summary>Self-attention within a clip.</summary>
/// <param name="HasScale">Whether the scores are multiplied by a learned scale.</param>
/// <param name="HasResidual">Whether the input is added to the output.</param>
internal sealed record SelfAttentionDeclaration(bool HasScale, bool HasResidual) : LayerDeclaration
{
    public override string BaseName => "attention";

    public override IEnumerable<ParameterShape> ListParameters(string name, int width) =>
        HasScale ? [new($"{name}/{TensorNames.ScalePart}", [], Initializer.AttentionScale)] : [];

    public override Layer Create(LayerContext context) =>
        new SelfAttention(
            HasScale ? context.GetParameter(TensorNames.ScalePart) : null,
            HasResidual,
            context.Width,
            context.Workers,
            context.Capacity,
            context.Training
        );

    public override void Accept(ILayerVisitor visitor, string name) => visitor.Visit(this, name);
}

/// <summary>
/// Dot-product self-attention within a clip, with a residual connection: y = softmax(s · x xᵀ) x + x, s a learned
/// scalar (Luong et al. 2015; Keras' Attention with use_scale and x as query, key and value). Without a scale s is 1;
/// v1 has neither scale nor residual.
/// </summary>
internal sealed class SelfAttention : Layer
{
    // Rows of the attention matrix that are computed at once for a long clip: memory grows with the length of a clip,
    // not with its square.
    private const int BlockRows = 128;

    // The longest clip whose attention matrix a training keeps for the backward pass, which recomputes that of a longer
    // one block by block. At this length, the two matrices are a tenth of what the other layers store for the clip.
    private const int MaxStoredFrames = 512;

    private readonly Disposables disposables = new();
    private readonly Parameter? scale;
    private readonly WorkerPool workers;
    private readonly int width;
    private readonly int[] matrices; // first element of each clip's matrix in scores and weights
    private readonly bool training;
    private readonly bool residual;

    private readonly AlignedBuffer output; // in the backward pass overwritten by the gradient of x
    private readonly AlignedBuffer scaleGradients;
    private readonly Action<int> forwardClip;
    private readonly Action<int> backwardClip;

    // [rows, frames] per clip, all rows or one block: scores x xᵀ, in the backward pass overwritten by their
    // gradient; and the softmax of the scaled scores. They grow to the largest batch.
    private AlignedBuffer scores = new(0);
    private AlignedBuffer weights = new(0);

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
        this.training = training;
        matrices = new int[capacity.Clips + 1];
        output = disposables.Add(new AlignedBuffer(capacity.Rows * width));
        scaleGradients = disposables.Add(new AlignedBuffer(training ? capacity.Clips : 0));
        forwardClip = ForwardClip;
        backwardClip = BackwardClip;
    }

    /// <inheritdoc/>
    public override PackedBatch Forward(PackedBatch clips, ForwardPass pass = default)
    {
        x = clips;
        for (var clip = 0; clip < clips.ClipCount; clip++)
            matrices[clip + 1] = checked(
                matrices[clip] + (Math.Min(CountBlockRows(clip), clips.FrameCount(clip)) * clips.FrameCount(clip))
            );
        AlignedBuffer.Grow(ref scores, matrices[clips.ClipCount]);
        AlignedBuffer.Grow(ref weights, matrices[clips.ClipCount]);
        workers.Run(clips.ClipCount, forwardClip);
        return clips.WithRows(output.Rows(0, clips.Rows.Count, width));
    }

    /// <inheritdoc/>
    public override MatrixView Backward(MatrixView gradient)
    {
        this.gradient = gradient;
        workers.Run(x.ClipCount, backwardClip);
        if (scale is not null)
        {
            scale.Gradients.Span[0] = 0;
            for (var clip = 0; clip < x.ClipCount; clip++)
                scale.Gradients.Span[0] += scaleGradients.Span[clip];
        }
        return output.Rows(0, x.Rows.Count, width);
    }

    /// <summary>
    /// Computes the attention that each frame of a clip of the last <see cref="Forward"/> receives: the mean over the
    /// queries of softmax(s · x xᵀ), whose sum is 1. A forward pass of a long clip does not keep these weights.
    /// </summary>
    /// <param name="received">[frames of the clip].</param>
    public void ComputeReceivedWeights(int clip, Span<double> received)
    {
        received.Clear();
        var frames = x.GetClip(clip);
        var blockRows = CountBlockRows(clip);
        for (var first = 0; first < frames.Count; first += blockRows)
        {
            var queries = frames.Slice(first, Math.Min(blockRows, frames.Count - first));
            ComputeWeights(clip, queries);
            var p = GetAttention(weights, clip, queries.Count);
            for (var t = 0; t < queries.Count; t++)
            for (var key = 0; key < received.Length; key++)
                received[key] += p[t][key] / frames.Count;
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        disposables.Dispose();
        scores.Dispose();
        weights.Dispose();
    }

    private float Scale => scale is null ? 1 : scale.Values.Span[0];

    private MatrixView GetAttention(AlignedBuffer buffer, int clip, int rows) =>
        buffer.Rows(matrices[clip], rows, x.FrameCount(clip));

    private MatrixView GetOutput(int clip) => output.Rows(x.FirstRow(clip) * width, x.FrameCount(clip), width);

    private bool IsStored(int clip) => training && x.FrameCount(clip) <= MaxStoredFrames;

    private int CountBlockRows(int clip) => IsStored(clip) ? x.FrameCount(clip) : BlockRows;

    // A row depends on no other row, and a product's elements on no other element, so that blocks do not change bits.
    private void ForwardClip(int clip)
    {
        var frames = x.GetClip(clip);
        var blockRows = CountBlockRows(clip);
        for (var first = 0; first < frames.Count; first += blockRows)
        {
            var queries = frames.Slice(first, Math.Min(blockRows, frames.Count - first));
            var y = GetOutput(clip).Slice(first, queries.Count);
            ComputeWeights(clip, queries);
            if (residual)
                queries.CopyTo(y);
            MatrixProduct.Multiply(GetAttention(weights, clip, queries.Count), frames, y, accumulate: residual);
        }
    }

    // D = x xᵀ and P = softmax(s D), [count, T]: some rows.
    private void ComputeWeights(int clip, MatrixView queries)
    {
        var d = GetAttention(scores, clip, queries.Count);
        var p = GetAttention(weights, clip, queries.Count);
        MatrixProduct.MultiplyTransposedRight(queries, x.GetClip(clip), d);
        for (var t = 0; t < queries.Count; t++)
        {
            VectorMath.Scale(d[t], Scale, p[t]);
            Softmax.Apply(p[t]);
        }
    }

    // y = P x + x, P = softmax(s D), D = x xᵀ. dP = dy xᵀ; dS = P ∘ (dP - row sums of dP ∘ P); ds = Σ dS ∘
    // D; dx = dy + Pᵀ dy + s (dS + dSᵀ) x. An element of dx is one chain of multiply-adds over the four terms in
    // this order, so that one term is computed for all blocks before the next, each recomputing what is not stored.
    private void BackwardClip(int clip)
    {
        if (residual)
            gradient.Slice(x.FirstRow(clip), x.FrameCount(clip)).CopyTo(GetOutput(clip));
        scaleGradients.Span[clip] = 0;
        var frames = x.FrameCount(clip);
        var blockRows = CountBlockRows(clip);
        for (var first = 0; first < frames; first += blockRows)
            AddValueGradient(clip, first, Math.Min(blockRows, frames - first));
        for (var first = 0; first < frames; first += blockRows)
            AddQueryGradient(clip, first, Math.Min(blockRows, frames - first));
        for (var first = 0; first < frames; first += blockRows)
            AddKeyGradient(clip, first, Math.Min(blockRows, frames - first));
    }

    // dx += Pᵀ dy, the terms of some rows.
    private void AddValueGradient(int clip, int first, int count)
    {
        if (!IsStored(clip))
            ComputeWeights(clip, x.GetClip(clip).Slice(first, count));
        var dy = gradient.Slice(x.FirstRow(clip) + first, count);
        var p = GetAttention(weights, clip, count);
        MatrixProduct.MultiplyTransposedLeft(p, dy, GetOutput(clip), accumulate: residual || first > 0);
    }

    // dx += s dS x, some rows; and ds.
    private void AddQueryGradient(int clip, int first, int count)
    {
        if (!IsStored(clip))
            ComputeWeights(clip, x.GetClip(clip).Slice(first, count));
        scaleGradients.Span[clip] = ComputeScoreGradients(clip, first, count, scaleGradients.Span[clip]);
        var dS = GetAttention(scores, clip, count);
        MatrixProduct.Multiply(dS, x.GetClip(clip), GetOutput(clip).Slice(first, count), accumulate: true);
    }

    // dx += s dSᵀ x, the terms of some rows.
    private void AddKeyGradient(int clip, int first, int count)
    {
        var rows = x.GetClip(clip).Slice(first, count);
        if (!IsStored(clip))
        {
            ComputeWeights(clip, rows);
            ComputeScoreGradients(clip, first, count, scaleGradient: 0);
        }
        var dS = GetAttention(scores, clip, count);
        MatrixProduct.MultiplyTransposedLeft(dS, rows, GetOutput(clip), accumulate: true);
    }

    // Replaces the scores of some rows by s dS, [count, T], and adds Σ dS ∘ D to the gradient of s, row by row.
    private float ComputeScoreGradients(int clip, int first, int count, float scaleGradient)
    {
        var d = GetAttention(scores, clip, count);
        var p = GetAttention(weights, clip, count);
        var dS = ThreadScratch.ForThisThread.GetMatrix(Math.Min(BlockRows, count), d.Width);
        for (var t = 0; t < count; t++)
        {
            if (t % BlockRows == 0)
            {
                dS = dS.Slice(0, Math.Min(BlockRows, count - t));
                var dy = gradient.Slice(x.FirstRow(clip) + first + t, dS.Count);
                MatrixProduct.MultiplyTransposedRight(dy, x.GetClip(clip), dS); // dP
            }
            var row = dS[t % BlockRows];
            VectorMath.AddScalar(row, -VectorMath.Dot(row, p[t]), row);
            VectorMath.Multiply(row, p[t], row);
            scaleGradient += VectorMath.Dot(row, d[t]);
            VectorMath.Scale(row, Scale, d[t]);
        }
        return scaleGradient;
    }
}
