using AttnCrnn.Formats.Numpy;
using AttnCrnn.Models.Layers;
using AttnCrnn.Models.Networks;
using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Tests.Models;

/// <summary>Mean and standard deviation over time, as PyTorch computes them (fixtures/training).</summary>
public sealed class StatisticsOverTimeTests
{
    private const double Tolerance = 1e-6;

    [Theory]
    [InlineData(0)]
    [InlineData(3)] // after another clip
    public void Values_and_gradient_match_PyTorch(int framesBefore)
    {
        var parts = NpzFile.Read(Fixtures.Path("training", "parts.npz"));
        float[] x = [.. Enumerable.Range(0, 4 * framesBefore).Select(i => 0.1f * i), .. parts["stats_x"].ToSingles()];
        int[] offsets = framesBefore == 0 ? [0, 7] : [0, framesBefore, framesBefore + 7];
        using var workers = new WorkerPool(2);
        using var layer = Create(workers, framesBefore + 7);
        using var buffer = new AlignedBuffer(x.Length + 16);
        x.CopyTo(buffer.Span);

        var y = layer.Forward(new(buffer.Rows(0, framesBefore + 7, 4), offsets, offsets.Length - 1)).Rows;

        FloatAssert.Near(parts["stats_y"].ToSingles(), y[^1], Tolerance);
        using var gradient = new AlignedBuffer(16);
        var rows = gradient.Rows(0, y.Count, 8);
        parts["stats_cotangent"].ToSingles().CopyTo(rows[y.Count - 1]);
        FloatAssert.Near(parts["stats_grad"].ToSingles(), layer.Backward(rows).Span[(4 * framesBefore)..], Tolerance);
    }

    private static Layer Create(WorkerPool workers, int frames)
    {
        var declaration = new NetworkDeclaration(4, [new StatisticsOverTimeDeclaration()]);
        using var parameters = new Parameters(declaration, training: true);
        return declaration
            .Layers[0]
            .Declaration.Create(
                new()
                {
                    Name = "statistics",
                    Occurrence = 0,
                    Parameters = parameters,
                    Workers = workers,
                    Input = new(new(frames, 2, frames), 4),
                    Training = true,
                    HasInputGradient = true,
                    ExactConvolution = false,
                }
            );
    }
}
