using AttnCrnn.Models;
using AttnCrnn.Numerics.Gemm;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Tests.Models;

/// <summary>The matrix products of a step, counted and assigned to a simulated number of threads.</summary>
public sealed class BalanceTests
{
    [Theory]
    [InlineData(2, 1.9)]
    [InlineData(8, 7)]
    [InlineData(16, 13)]
    public void A_default_size_step_keeps_that_many_threads_busy(int threads, double speedUp)
    {
        const int clips = 32,
            frames = 263,
            width = 768;
        var rounds = new List<List<long>>();
        var allocatedBefore = MatrixProduct.MultiplyAddCount;
        using var workers = new WorkerPool(threads, (number, _) =>
        {
            if (number == 0)
                rounds.Add([]);
            rounds[^1].Add(MatrixProduct.MultiplyAddCount - allocatedBefore);
            allocatedBefore = MatrixProduct.MultiplyAddCount;
        });
        using var network = new Network(new(width, 6), workers, new(clips * frames, clips, frames), training: true);
        using var trainingStep = TrainingStepBuilder.Create(network, workers);
        network.Initialize(new RandomStream(0));
        using var memory = new AlignedBuffer((clips * frames * width) + (2 * clips * 6));
        trainingStep.ComputeGradients(
            new(
                memory.Rows(0, clips * frames, width),
                [.. Enumerable.Range(0, clips + 1).Select(clip => clip * frames)],
                clips
            ),
            memory.Rows(clips * frames * width, clips, 6),
            [.. Enumerable.Repeat(1f, clips)],
            new RandomStream(1).AtStep(0, 0),
            memory.Rows((clips * frames * width) + (clips * 6), clips, 6)
        );
        var longest = rounds.Sum(round =>
        {
            var busy = new long[threads]; // each task goes to the first free thread, as in the worker pool
            foreach (var task in round)
                busy[Array.IndexOf(busy, busy.Min())] += task;
            return busy.Max();
        });
        Assert.True(rounds.Sum(round => round.Sum()) > 6_000_000_000);
        Assert.True(
            (double)rounds.Sum(round => round.Sum()) / longest > speedUp,
            $"{(double)rounds.Sum(round => round.Sum()) / longest:0.00} times"
        );
    }
}
