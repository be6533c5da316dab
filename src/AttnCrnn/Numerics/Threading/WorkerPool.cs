using System.Runtime.ExceptionServices;

namespace AttnCrnn.Numerics.Threading;

/// <summary>
/// A few threads of our own for tasks of some microseconds to milliseconds. They take the next task by an atomic counter, spin briefly
/// for more, then sleep. Which thread runs a task never shows in a result: tasks are cut by the work, not by the number of threads.
/// One run at a time; no run within a task.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    // One number holds the round, how many tasks it has and which is next, so that a late thread can never take a task of another round.
    private const int TaskBits = 20;
    private const int MaxTasks = (1 << TaskBits) - 2048; // the counter runs past the last task by one a thread

    private const int SpinsBeforeSleep = 2000; // some 20 to 50 µs: the gap between two products, not between two batches

    private readonly Thread[] helpers;
    private readonly Action<int, int>? wakeLock;
    private readonly Lock sleeping = new();
    private readonly SemaphoreSlim wake = new(0);

    private long ticket;
    private Action<int> task = _ => { };
    private int done;
    private int asleep;
    private int busy;
    private bool closed;
    private ExceptionDispatchInfo? failure;

    /// <param name="threads">The caller's thread among them: 1 means that everything runs on it.</param>
    public WorkerPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, 1024);
        Threads = threads;
        helpers = new Thread[threads - 1];
        for (var i = 0; i < helpers.Length; i++)
        {
            helpers[i] = new Thread(Help) { IsBackground = true, Name = $"attn-crnn worker {i + 1}" };
            helpers[i].Start();
        }
    }

    /// <summary>So many threads that are none: every task runs on the caller's, one after the other. For weighing how work is cut.</summary>
    /// <param name="watch">Called after each task: its number, and of how many.</param>
    internal WorkerPool(int threads, Action<int, int> watch)
    {
        helpers = [];
        this.wakeLock = watch;
        Threads = threads;
    }

    /// <summary>Threads, the caller's among them.</summary>
    public int Threads { get; }

    /// <summary>Runs task(0) to task(tasks - 1), in any order, and returns when all are done.</summary>
    /// <exception cref="InvalidOperationException">A run is going on: a task may not start one.</exception>
    /// <remarks>When tasks throw, the rest is run all the same, and the first exception comes out of here.</remarks>
    public void Run(int tasks, Action<int> task)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tasks, MaxTasks);
        ObjectDisposedException.ThrowIf(closed, this);
        if (tasks <= 0)
            return;
        if (Interlocked.Exchange(ref busy, 1) == 1)
            throw new InvalidOperationException("these workers are in a run: a task may not start another");
        try
        {
            if (wakeLock is not null)
            {
                for (var number = 0; number < tasks; number++)
                {
                    task(number);
                    wakeLock(number, tasks);
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
            Share();
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

    /// <summary>Ends the threads.</summary>
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

    private void Share()
    {
        while (true)
        {
            var mine = Interlocked.Increment(ref ticket) - 1;
            var (next, tasks) = ((int)mine & ((1 << TaskBits) - 1), (int)(mine >>> TaskBits) & ((1 << TaskBits) - 1));
            if (next >= tasks)
                return;
            // The round cannot end before this task is done, so this is its delegate.
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

    private void Help()
    {
        // Round 0 has no tasks, so a thread that starts late finds the first round new.
        long seen = 0;
        while (true)
        {
            seen = NextRound(seen);
            if (Volatile.Read(ref closed))
                return;
            Share();
        }
    }

    private long NextRound(long seen)
    {
        for (var spin = 0; spin < SpinsBeforeSleep; spin++)
        {
            if (Round() != seen)
                return Round();
            Thread.SpinWait(8);
        }
        while (true)
        {
            // Whoever starts a round reads 'asleep' after publishing it, and this reads the round after 'asleep': one of the two sees the other.
            Interlocked.Increment(ref asleep);
            if (Round() != seen && TryStayAwake())
                return Round();
            wake.Wait();
            if (Round() != seen)
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

    // Takes this thread's name off the list of sleepers, unless someone has already sent for it: then the semaphore holds its wake-up.
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
