using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Models.Layers;

/// <summary>The attention-weighted mean over a clip's frames: one row per clip.</summary>
internal sealed record AttentivePoolingDeclaration : LayerDeclaration
{
    public override string BaseName => "attentive_pooling";

    // With 0 every frame has the same weight: training begins at the mean.
    public override IEnumerable<ParameterShape> ListParameters(string name, int width) =>
        [new($"{name}/{TensorNames.KernelPart}", [width, 1], Initializer.Zeros)];

    public override LayerSize GetOutput(LayerSize input) => input with { Capacity = input.Capacity.ToClips() };

    public override Layer Create(LayerContext context) => new AttentivePooling(context);

    public override void Accept(ILayerVisitor visitor, string name) => visitor.Visit(this, name);
}

/// <summary>
/// Attentive pooling with a learned vector v: y = Σ a · x over a clip's frames, a = softmax(x · v) (Mirsamadi et al.
/// 2017). In Keras: Dense with one unit and no bias, Softmax over time, Dot with the frames.
/// </summary>
internal sealed class AttentivePooling : PoolingOverTime
{
    private readonly Parameter kernel;
    private readonly AlignedBuffer weights; // [rows]: a
    private readonly AlignedBuffer kernelGradients; // [clips, width]

    public AttentivePooling(LayerContext context)
        : base(context, context.Width)
    {
        kernel = context.GetParameter(TensorNames.KernelPart);
        weights = new AlignedBuffer(context.Capacity.Rows);
        kernelGradients = new AlignedBuffer(context.Training ? context.Capacity.Clips * context.Width : 0);
    }

    /// <inheritdoc/>
    public override MatrixView Backward(MatrixView gradient)
    {
        var frameGradients = base.Backward(gradient);
        kernel.Gradients.Span.Clear();
        for (var clip = 0; clip < Clips.ClipCount; clip++)
            VectorMath.Add(kernel.Gradients.Span, GetKernelGradient(clip), kernel.Gradients.Span);
        return frameGradients;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        weights.Dispose();
        kernelGradients.Dispose();
    }

    /// <inheritdoc/>
    protected override void Pool(int clip, MatrixView frames, Span<float> result)
    {
        var a = GetWeights(clip);
        for (var t = 0; t < frames.Count; t++)
            a[t] = VectorMath.Dot(frames[t], kernel.Values.Span);
        Softmax.Apply(a);
        result.Clear();
        for (var t = 0; t < frames.Count; t++)
            VectorMath.Axpy(a[t], frames[t], result);
    }

    // s = x · v: ds = a (dy · x - dy · y); dx = a dy + ds v; dv = Σ ds x.
    /// <inheritdoc/>
    protected override void ComputeGradient(
        int clip,
        MatrixView frames,
        ReadOnlySpan<float> result,
        Span<float> resultGradient,
        MatrixView frameGradients
    )
    {
        var a = GetWeights(clip);
        var dv = GetKernelGradient(clip);
        dv.Clear();
        var mean = VectorMath.Dot(resultGradient, result);
        for (var t = 0; t < frames.Count; t++)
        {
            var ds = a[t] * (VectorMath.Dot(resultGradient, frames[t]) - mean);
            VectorMath.Scale(resultGradient, a[t], frameGradients[t]);
            VectorMath.Axpy(ds, kernel.Values.Span, frameGradients[t]);
            VectorMath.Axpy(ds, frames[t], dv);
        }
    }

    private Span<float> GetWeights(int clip) => weights.Span.Slice(Clips.FirstRow(clip), Clips.FrameCount(clip));

    private Span<float> GetKernelGradient(int clip) => kernelGradients.Span.Slice(clip * Width, Width);
}
