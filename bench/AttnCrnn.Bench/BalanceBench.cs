using System.Text.Json.Nodes;
using AttnCrnn.Models;
using AttnCrnn.Numerics.Gemm;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;
using AttnCrnn.Testing.Models;

namespace AttnCrnn.Bench;

/// <summary>
/// Measures load balance of a training step over threads, in multiply-adds: every task runs on one thread while its
/// products are counted; then the tasks of each round are assigned as the workers take them, each to the first idle
/// thread.
/// </summary>
internal static class BalanceBench
{
    private const int Clips = 32;
    private const int Frames = 263;
    private const int FeatureDimension = 768;

    public static JsonObject Run() =>
        new()
        {
            ["bench"] = "balance",
            ["clips"] = Clips,
            ["frames"] = Frames,
            ["width"] = FeatureDimension,
            ["tile"] = MatrixProduct.TileName,
            ["threads"] = new JsonArray([
                .. ((int[])[1, 2, 4, 8, 12, 16]).Select(threads => (JsonNode)Measure(threads)),
            ]),
        };

    private static JsonObject Measure(int threads)
    {
        var rounds = new List<List<long>>();
        var previousCount = MatrixProduct.MultiplyAddCount;
        using var workers = new WorkerPool(threads, (task, _) =>
        {
            if (task == 0)
                rounds.Add([]);
            rounds[^1].Add(MatrixProduct.MultiplyAddCount - previousCount);
            previousCount = MatrixProduct.MultiplyAddCount;
        });
        using var network = new Network(
            new(FeatureDimension, 6),
            workers,
            new(Clips * Frames, Clips, Frames),
            training: true
        );
        using var trainingStep = TrainingStepBuilder.Create(network, workers);
        network.Initialize(new RandomStream(0));
        using var memory = new AlignedBuffer((Clips * Frames * FeatureDimension) + (2 * Clips * 6));
        var offsets = Enumerable.Range(0, Clips + 1).Select(clip => clip * Frames).ToArray();
        previousCount = MatrixProduct.MultiplyAddCount;
        trainingStep.ComputeGradients(
            new(memory.Rows(0, Clips * Frames, FeatureDimension), offsets, Clips),
            memory.Rows(Clips * Frames * FeatureDimension, Clips, 6),
            [.. Enumerable.Repeat(1f, Clips)],
            new RandomStream(1).AtStep(0, 0),
            memory.Rows((Clips * Frames * FeatureDimension) + (Clips * 6), Clips, 6)
        );
        var total = rounds.Sum(round => round.Sum());
        var maxThreadWork = rounds.Sum(round => MaxThreadWork(round, threads));
        return new()
        {
            ["threads"] = threads,
            ["multiply_adds_g"] = Math.Round(total / 1e9, 3),
            ["speed_up"] = Math.Round((double)total / maxThreadWork, 2),
            ["balance"] = Math.Round((double)total / maxThreadWork / threads, 3),
        };
    }

    private static long MaxThreadWork(List<long> tasks, int threads)
    {
        var threadWork = new long[threads];
        foreach (var task in tasks)
            threadWork[Array.IndexOf(threadWork, threadWork.Min())] += task;
        return threadWork.Max();
    }
}
