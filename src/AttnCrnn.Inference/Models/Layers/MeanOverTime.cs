using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Models.Layers;

/// <summary>The mean over a clip's frames: one row per clip.</summary>
internal sealed record MeanOverTimeDeclaration : LayerDeclaration
{
    public override string BaseName => "global_average_pooling1d";

    public override LayerSize GetOutput(LayerSize input) => input with { Capacity = input.Capacity.ToClips() };

    public override Layer Create(LayerContext context) => new MeanOverTime(context);

    public override void Accept(ILayerVisitor visitor, string name) => visitor.Visit(this, name);
}

/// <summary>The mean of each clip's frames (Keras' GlobalAveragePooling1D, without padding).</summary>
internal sealed class MeanOverTime(LayerContext context) : PoolingOverTime(context, context.Width)
{
    /// <inheritdoc/>
    protected override void Pool(int clip, MatrixView frames, Span<float> result) => ComputeMean(frames, result);

    /// <inheritdoc/>
    protected override void ComputeGradient(
        int clip,
        MatrixView frames,
        ReadOnlySpan<float> result,
        Span<float> resultGradient,
        MatrixView frameGradients
    )
    {
        for (var t = 0; t < frames.Count; t++)
            VectorMath.Scale(resultGradient, 1f / frames.Count, frameGradients[t]);
    }
}
