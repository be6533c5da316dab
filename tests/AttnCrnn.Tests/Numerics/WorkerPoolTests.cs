using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Tests.Numerics;

public sealed class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Every_task_runs_once_in_every_round(int threads)
    {
        using var workers = new WorkerPool(threads);
        var counts = new int[1000];
        for (var round = 0; round < 300; round++)
            workers.Run(1 + (round * 37 % counts.Length), i => Interlocked.Increment(ref counts[i]));
        for (var i = 0; i < counts.Length; i++)
            Assert.Equal(Enumerable.Range(0, 300).Count(round => 1 + (round * 37 % counts.Length) > i), counts[i]);
    }

    [Fact]
    public void Sleeping_threads_wake_for_the_next_round()
    {
        using var workers = new WorkerPool(3);
        var runCount = 0;
        for (var round = 0; round < 20; round++)
        {
            workers.Run(50, _ => Interlocked.Increment(ref runCount));
            Assert.True(SpinWait.SpinUntil(() => workers.SleepingThreads == 2, TimeSpan.FromSeconds(30)));
        }
        Assert.Equal(1000, runCount);
    }

    [Fact]
    public void Threads_run_tasks_in_parallel()
    {
        using var workers = new WorkerPool(2);
        using var barrier = new Barrier(2);
        workers.Run(2, _ => Assert.True(barrier.SignalAndWait(TimeSpan.FromSeconds(30))));
    }

    [Fact]
    public void A_tasks_exception_is_rethrown_and_the_workers_continue()
    {
        using var workers = new WorkerPool(2);
        var ran = 0;
        var exception = Assert.Throws<InvalidDataException>(() => workers.Run(100, i =>
            {
                Interlocked.Increment(ref ran);
                if (i == 40)
                    throw new InvalidDataException("task 40");
            }));
        Assert.Equal("task 40", exception.Message);
        Assert.Equal(100, ran);
        workers.Run(10, _ => Interlocked.Increment(ref ran));
        Assert.Equal(110, ran);
    }

    [Fact]
    public void Starting_a_run_within_a_task_is_rejected()
    {
        using var workers = new WorkerPool(2);
        Assert.Throws<InvalidOperationException>(() => workers.Run(2, _ => workers.Run(1, _ => { })));
    }

    [Fact]
    public void Zero_tasks_return_immediately() => new WorkerPool(1).Run(0, _ => Assert.Fail("ran"));
}
