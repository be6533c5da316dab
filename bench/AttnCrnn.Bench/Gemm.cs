using AttnCrnn.Numerics.Gemm;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;
using AttnCrnn.Onnx;

namespace AttnCrnn.Bench;

/// <summary>
/// The matrix product throughput of this machine, by which results of different machines are normalized.
/// </summary>
internal static class Gemm
{
    private const int Size = 2048;
    private const int Rounds = 8;
    private const double Work = 2.0 * Size * Size * Size / 1e9;

    /// <summary>
    /// ONNX Runtime's float32 MatMul, 2048³, best of several rounds, in GFLOP/s: an independent reference.
    /// </summary>
    public static double MeasurePeakGflops(int threads)
    {
        var values = new float[Size * Size];
        for (var i = 0; i < values.Length; i++)
            values[i] = MathF.Sin(i);
        var graph = new GraphBuilder("peak");
        graph.AddOutput(
            "c",
            graph.MatMul(graph.AddInput("a", Size, Size), graph.Constant("b", values, Size, Size)),
            Size,
            Size
        );
        using var session = new OnnxSession(graph.ToModel(), threads);
        var result = new float[Size * Size];
        return Work
            / Timing.MeasureMinimum(Rounds, () => session.Run((result, [Size, Size]), ("a", values, [Size, Size])));
    }

    /// <summary>The library's own product at the same size, in GFLOP/s.</summary>
    public static double MeasureOwnGflops(int threads)
    {
        using var workers = new WorkerPool(threads);
        using var memory = new AlignedBuffer(3 * Size * Size);
        new RandomStream(1).FillNormal(memory.Span);
        MatrixView GetMatrix(int i) => memory.Rows(i * Size * Size, Size, Size);
        return Work
            / Timing.MeasureMinimum(Rounds, () =>
                MatrixProduct.Multiply(workers, GetMatrix(0), GetMatrix(1), GetMatrix(2))
            );
    }
}
