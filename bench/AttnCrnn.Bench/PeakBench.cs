using System.Diagnostics;
using System.Text.Json;
using AttnCrnn.Onnx;

namespace AttnCrnn.Bench;

/// <summary>
/// The machine's matrix-product peak, by ONNX Runtime's Gemm (not by our own product, which is what gets compared with it).
/// </summary>
internal static class PeakBench
{
    private const int Size = 1536;
    private const int Rounds = 12;

    public static void Run(int threads)
    {
        var values = new float[Size * Size];
        for (var i = 0; i < values.Length; i++) values[i] = MathF.Sin(i);
        var graph = new GraphBuilder("peak");
        graph.Output("c", graph.MatMul(graph.Input("a", Size, Size), graph.Constant("b", values, Size, Size)), Size, Size);
        using var session = new OnnxSession(graph.ToModel(), threads);
        session.Run(("a", values, [Size, Size]));
        var seconds = new double[Rounds];
        for (var round = 0; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            session.Run(("a", values, [Size, Size]));
            seconds[round] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        Array.Sort(seconds);
        var work = 2.0 * Size * Size * Size / 1e9;
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            bench = "peak",
            threads,
            size = Size,
            gemm_gflops = Math.Round(work / seconds[0], 1),
            gemm_gflops_median = Math.Round(work / seconds[Rounds / 2], 1),
        }));
    }
}
