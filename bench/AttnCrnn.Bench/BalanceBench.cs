using System.Text.Json.Nodes;
using AttnCrnn.Models;
using AttnCrnn.Numerics.Gemm;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Bench;

/// <summary>
/// How evenly a step's products split over threads, as counted multiply-adds: every task is run on one thread and its products counted; then the tasks
/// of each round are dealt as the workers take them, each to the thread that is free first.
/// </summary>
internal static class BalanceBench
{
    private const int Clips = 32,
        Frames = 263,
        Width = 768;

    public static JsonObject Run() =>
        new()
        {
            ["bench"] = "balance",
            ["clips"] = Clips,
            ["frames"] = Frames,
            ["width"] = Width,
            ["tile"] = MatrixProduct.TileName,
            ["threads"] = new JsonArray([.. ((int[])[1, 2, 4, 8, 12, 16]).Select(threads => (JsonNode)Of(threads))]),
        };

    private static JsonObject Of(int threads)
    {
        var rounds = new List<List<long>>();
        var before = MatrixProduct.Counted;
        using var workers = new WorkerPool(threads, (number, _) =>
        {
            if (number == 0)
                rounds.Add([]);
            rounds[^1].Add(MatrixProduct.Counted - before);
            before = MatrixProduct.Counted;
        });
        using var network = new Network(new(Width, 6), workers, new(Clips * Frames, Clips, Frames), training: true);
        network.Initialize(new RandomStream(0));
        using var memory = new AlignedBuffer((Clips * Frames * Width) + (2 * Clips * 6));
        var offsets = Enumerable.Range(0, Clips + 1).Select(clip => clip * Frames).ToArray();
        before = MatrixProduct.Counted;
        network.TrainStep(
            new(memory.Rows(0, Clips * Frames, Width), offsets, Clips),
            memory.Rows(Clips * Frames * Width, Clips, 6),
            [.. Enumerable.Repeat(1f, Clips)],
            new RandomStream(1).AtStep(0, 0),
            memory.Rows((Clips * Frames * Width) + (Clips * 6), Clips, 6)
        );
        var (all, longest) = (rounds.Sum(round => round.Sum()), rounds.Sum(round => Longest(round, threads)));
        return new()
        {
            ["threads"] = threads,
            ["multiply_adds_g"] = Math.Round(all / 1e9, 3),
            ["speed_up"] = Math.Round((double)all / longest, 2),
            ["balance"] = Math.Round((double)all / longest / threads, 3),
        };
    }

    private static long Longest(List<long> tasks, int threads)
    {
        var busy = new long[threads];
        foreach (var task in tasks)
            busy[Array.IndexOf(busy, busy.Min())] += task;
        return busy.Max();
    }
}
