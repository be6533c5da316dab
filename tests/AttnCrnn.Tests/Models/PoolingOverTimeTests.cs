using AttnCrnn.Formats.Numpy;
using AttnCrnn.Models.Layers;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Tests.Models;

/// <summary>Poolings over time, as PyTorch computes them (fixtures/training).</summary>
public sealed class PoolingOverTimeTests
{
    private const double Tolerance = 1e-6;

    private static readonly IReadOnlyDictionary<string, NpyArray> Parts = NpzFile.Read(
        Fixtures.Path("training", "parts.npz")
    );

    [Theory]
    [InlineData(0)]
    [InlineData(3)] // after another clip
    public void Mean_and_standard_deviation_match_PyTorch(int framesBefore)
    {
        using var workers = new WorkerPool(2);
        using var builder = new LayerBuilder(new StatisticsOverTimeDeclaration(), workers, framesBefore + 7);
        var (y, gradient) = Run(builder, framesBefore, Parts["stats_cotangent"].ToSingles());
        FloatAssert.Near(Parts["stats_y"].ToSingles(), y, Tolerance);
        FloatAssert.Near(Parts["stats_grad"].ToSingles(), gradient, Tolerance);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void The_attention_weighted_mean_matches_PyTorch(int framesBefore)
    {
        using var workers = new WorkerPool(2);
        using var builder = new LayerBuilder(new AttentivePoolingDeclaration(), workers, framesBefore + 7);
        var kernel = builder.Parameters["attentive_pooling/kernel"];
        Parts["attentive_v"].ToSingles().CopyTo(kernel.Values.Span);
        var (y, gradient) = Run(builder, framesBefore, Parts["stats_cotangent"].ToSingles()[..4]);
        FloatAssert.Near(Parts["attentive_y"].ToSingles(), y, Tolerance);
        FloatAssert.Near(Parts["attentive_grad"].ToSingles(), gradient, Tolerance);
        FloatAssert.Near(Parts["attentive_v_grad"].ToSingles(), kernel.Gradients.Span, Tolerance);
    }

    // Output and gradient of the clip with stats_x.
    private static (float[] Output, float[] Gradient) Run(LayerBuilder builder, int framesBefore, float[] cotangent)
    {
        const int width = LayerBuilder.Width;
        float[] before = [.. Enumerable.Range(0, width * framesBefore).Select(i => 0.1f * i)];
        float[] x = [.. before, .. Parts["stats_x"].ToSingles()];
        int[] offsets = framesBefore == 0 ? [0, 7] : [0, framesBefore, framesBefore + 7];
        using var buffer = new AlignedBuffer(x.Length);
        x.CopyTo(buffer.Span);
        var y = builder.Layer.Forward(new(buffer.Rows(0, framesBefore + 7, width), offsets, offsets.Length - 1)).Rows;
        float[] output = [.. y[^1]];
        using var gradient = new AlignedBuffer(y.Count * y.Width);
        var rows = gradient.Rows(0, y.Count, y.Width);
        cotangent.CopyTo(rows[y.Count - 1]);
        return (output, builder.Layer.Backward(rows).Span[before.Length..].ToArray());
    }
}
