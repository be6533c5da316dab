using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Models.Layers;

/// <summary>Mean and standard deviation over a clip's frames: one row per clip.</summary>
internal sealed record StatisticsOverTimeDeclaration : LayerDeclaration
{
    public override string BaseName => "statistics";

    public override LayerSize GetOutput(LayerSize input) => new(input.Capacity.ToClips(), 2 * input.Width);

    public override Layer Create(LayerContext context) => new StatisticsOverTime(context);

    public override void Accept(ILayerVisitor visitor, string name) => visitor.Visit(this, name);
}

/// <summary>
/// Statistics pooling (Snyder et al. 2018, x-vectors): y = [m, √(v + ε)], m the mean and v the variance (divided by
/// the number of frames) of each feature over a clip.
/// </summary>
internal sealed class StatisticsOverTime : PoolingOverTime
{
    /// <summary>Added to the variance.</summary>
    public const double Epsilon = 1e-6;

    private readonly AlignedBuffer differences; // [clips, width]

    public StatisticsOverTime(LayerContext context)
        : base(context, 2 * context.Width) => differences = new AlignedBuffer(context.Capacity.Clips * context.Width);

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        differences.Dispose();
    }

    // In two passes: the variance of the differences from the mean.
    /// <inheritdoc/>
    protected override void Pool(int clip, MatrixView frames, Span<float> result)
    {
        var mean = result[..Width];
        var deviation = result[Width..];
        var difference = differences.Span.Slice(clip * Width, Width);
        ComputeMean(frames, mean);
        deviation.Clear();
        for (var t = 0; t < frames.Count; t++)
        {
            VectorMath.Subtract(frames[t], mean, difference);
            VectorMath.MultiplyAdd(difference, difference, deviation);
        }
        for (var i = 0; i < Width; i++)
            deviation[i] = MathF.Sqrt((deviation[i] / frames.Count) + (float)Epsilon);
    }

    // dx = (dm + (x - m) · ds / s) / T: the derivative of v by m is 0.
    /// <inheritdoc/>
    protected override void ComputeGradient(
        int clip,
        MatrixView frames,
        ReadOnlySpan<float> result,
        Span<float> resultGradient,
        MatrixView frameGradients
    )
    {
        var mean = result[..Width];
        var deviation = result[Width..];
        var dm = resultGradient[..Width];
        var slope = resultGradient[Width..];
        for (var i = 0; i < Width; i++)
            slope[i] /= deviation[i];
        for (var t = 0; t < frames.Count; t++)
        {
            Span<float> dx = frameGradients[t];
            VectorMath.Subtract(frames[t], mean, dx);
            VectorMath.Multiply(dx, slope, dx);
            VectorMath.Add(dx, dm, dx);
            VectorMath.Scale(dx, 1f / frames.Count, dx);
        }
    }
}
