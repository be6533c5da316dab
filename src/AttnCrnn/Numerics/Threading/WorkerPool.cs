using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace AttnCrnn.Numerics.Threading;

/// <summary>
/// A thread pool for tasks of microseconds to milliseconds. Threads take the next task from an atomic counter, spin
/// briefly for more, then sleep. Results never depend on the number of threads: tasks are split by the amount of work.
/// One run at a time; a task must not start a run.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    // One 64-bit value holds the round, its number of tasks and the next task, so that a late thread never takes a task
    // of another round.
    private const int TaskBits = 20;
    private const int MaxTasks = (1 << TaskBits) - 2048; // the counter overshoots the last task by one per thread

    // 20 to 50 µs: longer than the gap between two products, shorter than that between two batches.
    private const int SpinsBeforeSleep = 2000;

    private readonly Thread[] helpers;
    private readonly Action<int, int>? watch;
    private readonly Lock sleeping = new();
    private readonly SemaphoreSlim wake = new(0);

    private long ticket;
    private Action<int> task = _ => { };
    private int done;
    private int asleep;
    private int busy;
    private bool closed;
    private ExceptionDispatchInfo? failure;

    /// <param name="threads">Number of threads including the caller's; 1 runs everything on the caller's
    /// thread.</param>
    public WorkerPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, ThreadCount.Max);
        Threads = threads;
        helpers = new Thread[threads - 1];
        for (var i = 0; i < helpers.Length; i++)
        {
            helpers[i] = new Thread(RunHelper) { IsBackground = true, Name = $"attn-crnn worker {i + 1}" };
            helpers[i].Start();
        }
    }

    /// <summary>
    /// Simulates a number of threads: tasks run one by one on the caller's thread. Measures how work is split.
    /// </summary>
    /// <param name="watch">Called after each task with its index and the number of tasks.</param>
    internal WorkerPool(int threads, Action<int, int> watch)
    {
        helpers = [];
        this.watch = watch;
        Threads = threads;
    }

    /// <summary>Number of threads, including the caller's.</summary>
    public int Threads { get; }

    /// <summary>Number of threads that wait for the next run and no longer spin.</summary>
    internal int SleepingThreads => Volatile.Read(ref asleep);

    /// <summary>Runs task(0) to task(tasks - 1), in any order, and returns when all are done.</summary>
    /// <exception cref="InvalidOperationException">A run is in progress: a task must not start another.</exception>
    /// <remarks>If tasks throw, the others still run, and the first exception is rethrown.</remarks>
    public void Run(int tasks, Action<int> task)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tasks, MaxTasks);
        ObjectDisposedException.ThrowIf(closed, this);
        if (tasks <= 0)
            return;
        if (Interlocked.Exchange(ref busy, 1) == 1)
            throw new InvalidOperationException("a run is in progress: a task must not start another");
        try
        {
            if (watch is not null)
            {
                for (var index = 0; index < tasks; index++)
                {
                    task(index);
                    watch(index, tasks);
                }
                return;
            }
            this.task = task;
            failure = null;
            Volatile.Write(ref done, 0);
            var round = (ticket >>> (2 * TaskBits)) + 1;
            Interlocked.Exchange(ref ticket, (round << (2 * TaskBits)) | ((long)tasks << TaskBits));
            if (tasks > 1)
                WakeSleepers();
            RunTasks();
            var wait = default(SpinWait);
            while (Volatile.Read(ref done) < tasks)
                wait.SpinOnce(sleep1Threshold: -1);
            failure?.Throw();
        }
        finally
        {
            Volatile.Write(ref busy, 0);
        }
    }

    /// <summary>Stops the threads.</summary>
    public void Dispose()
    {
        if (closed)
            return;
        closed = true;
        Interlocked.Exchange(ref ticket, ((ticket >>> (2 * TaskBits)) + 1) << (2 * TaskBits));
        WakeSleepers();
        foreach (var helper in helpers)
            helper.Join();
        wake.Dispose();
    }

    [SuppressMessage(
        "Design",
        "CA1031:Do not catch general exception types",
        Justification = "Rethrown on the thread that started the run, once all tasks are done."
    )]
    private void RunTasks()
    {
        while (true)
        {
            var mine = Interlocked.Increment(ref ticket) - 1;
            var next = (int)mine & ((1 << TaskBits) - 1);
            var tasks = (int)(mine >>> TaskBits) & ((1 << TaskBits) - 1);
            if (next >= tasks)
                return;
            // The round cannot end before this task is done, so the field still holds its delegate.
            try
            {
                task(next);
            }
            catch (Exception fault)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(fault), null);
            }
            Interlocked.Increment(ref done);
        }
    }

    private void RunHelper()
    {
        // Round 0 has no tasks, so a thread that starts late still sees the first round as new.
        long lastRound = 0;
        while (true)
        {
            lastRound = NextRound(lastRound);
            if (Volatile.Read(ref closed))
                return;
            RunTasks();
        }
    }

    private long NextRound(long lastRound)
    {
        for (var spin = 0; spin < SpinsBeforeSleep; spin++)
        {
            if (Round() != lastRound)
                return Round();
            Thread.SpinWait(8);
        }
        while (true)
        {
            // The caller reads 'asleep' after publishing a round, and this thread reads the round after incrementing
            // 'asleep': at least one of them sees the other's write.
            Interlocked.Increment(ref asleep);
            if (Round() != lastRound && TryStayAwake())
                return Round();
            wake.Wait();
            if (Round() != lastRound)
                return Round();
        }
    }

    private void WakeSleepers()
    {
        lock (sleeping)
        {
            var sleepers = asleep;
            if (sleepers == 0)
                return;
            Interlocked.Add(ref asleep, -sleepers);
            wake.Release(sleepers);
        }
    }

    // Removes this thread from the sleepers, unless it has already been signaled: then the semaphore holds its wake-up.
    private bool TryStayAwake()
    {
        lock (sleeping)
        {
            if (asleep == 0)
                return false;
            Interlocked.Decrement(ref asleep);
            return true;
        }
    }

    private long Round() => Volatile.Read(ref ticket) >>> (2 * TaskBits);
}
