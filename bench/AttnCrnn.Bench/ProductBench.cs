using System.Diagnostics;
using System.Text.Json;
using AttnCrnn.Numerics.Gemm;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Bench;

/// <summary>
/// Measures the matrix product at the shapes of a training step (32 clips of 263 frames of 768 features), in GFLOP/s,
/// best of several rounds.
/// </summary>
internal static class ProductBench
{
    public static void Run(int threads)
    {
        using var workers = new WorkerPool(threads);
        (string Name, string Form, int M, int N, int K)[] shapes =
        [
            ("square 1536", "plain", 1536, 1536, 1536),
            ("conv1 forward", "plain", 8416, 128, 3840),
            ("conv1 weights", "left", 3840, 128, 8416),
            ("conv2 forward", "plain", 4192, 256, 640),
            ("conv2 weights", "left", 640, 256, 4192),
            ("conv2 inputs", "right", 4192, 640, 256),
            ("LSTM inputs", "plain", 2080, 512, 256),
            ("LSTM step", "step", 32, 512, 128),
            ("LSTM step back", "step right", 32, 128, 512),
        ];
        foreach (var (name, form, m, n, k) in shapes)
        {
            using var a = new AlignedBuffer(m * k);
            using var b = new AlignedBuffer(k * n);
            using var c = new AlignedBuffer(m * n);
            new RandomStream(1).FillNormal(a.Span);
            new RandomStream(2).FillNormal(b.Span);
            var result = c.Rows(0, m, n);
            Action once = form switch
            {
                "plain" => () => MatrixProduct.Multiply(workers, a.Rows(0, m, k), b.Rows(0, k, n), result),
                "left" => () => MatrixProduct.MultiplyTransposedLeft(workers, a.Rows(0, k, m), b.Rows(0, k, n), result),
                "right" => () =>
                    MatrixProduct.MultiplyTransposedRight(workers, a.Rows(0, m, k), b.Rows(0, n, k), result),
                "step" => () => MatrixProduct.Multiply(a.Rows(0, m, k), b.Rows(0, k, n), result),
                _ => () => MatrixProduct.MultiplyTransposedRight(a.Rows(0, m, k), b.Rows(0, n, k), result),
            };
            var work = 2.0 * m * n * k / 1e9;
            var rounds = (int)Math.Clamp(20 / work, 8, 3000);
            var best = double.MaxValue;
            for (var round = 0; round < rounds; round++)
            {
                var start = Stopwatch.GetTimestamp();
                once();
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
            Console.WriteLine(
                JsonSerializer.Serialize(
                    new
                    {
                        bench = "product",
                        name,
                        m,
                        n,
                        k,
                        threads = form.StartsWith("step", StringComparison.Ordinal) ? 1 : threads,
                        tile = MatrixProduct.TileName,
                        gflops = Math.Round(work / best, 1),
                        milliseconds = Math.Round(best * 1000, 3),
                    }
                )
            );
        }
    }
}
