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

    // 20 to 50 µs: longer than the gap between two products, shorter than the gap between two batches.
    private const int SpinsBeforeSleep = 2000;

    private readonly Thread[] helpers;
    private readonly Action<int, int>? onTaskCompleted;
    private readonly Lock sleepLock = new();
    private readonly SemaphoreSlim wakeSignal = new(0);

    private long ticket;
    private Action<int> task = _ => { };
    private int completedTasks;
    private int sleepingThreads;
    private int isRunning;
    private bool isDisposed;
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
            helpers[i] = new Thread(RunHelper)
            {
                IsBackground = true, // does not keep the process running
                Name = $"attn-crnn worker {i + 1}",
            };
            helpers[i].Start();
        }
    }

    /// <summary>
    /// Simulates a number of threads: tasks run one by one on the caller's thread. Measures how work is split.
    /// </summary>
    /// <param name="onTaskCompleted">Called after each task with its index and the number of tasks.</param>
    internal WorkerPool(int threads, Action<int, int> onTaskCompleted)
    {
        helpers = [];
        this.onTaskCompleted = onTaskCompleted;
        Threads = threads;
    }

    /// <summary>Number of threads, including the caller's.</summary>
    public int Threads { get; }

    /// <summary>Number of threads that wait for the next run and no longer spin.</summary>
    internal int SleepingThreads => Volatile.Read(ref sleepingThreads);

    /// <summary>Runs task(0) to task(tasks - 1), in any order, and returns when all are done.</summary>
    /// <exception cref="InvalidOperationException">A run is in progress: a task must not start another.</exception>
    /// <remarks>If tasks throw, the others still run, and the first exception is rethrown.</remarks>
    public void Run(int tasks, Action<int> task)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tasks, MaxTasks);
        ObjectDisposedException.ThrowIf(isDisposed, this);
        if (tasks <= 0)
            return;
        if (Interlocked.Exchange(ref isRunning, 1) == 1)
            throw new InvalidOperationException("a run is in progress: a task must not start another");
        try
        {
            if (onTaskCompleted is not null)
            {
                for (var index = 0; index < tasks; index++)
                {
                    task(index);
                    onTaskCompleted(index, tasks);
                }
                return;
            }
            this.task = task;
            failure = null;
            Volatile.Write(ref completedTasks, 0);
            var round = (ticket >>> (2 * TaskBits)) + 1;
            Interlocked.Exchange(ref ticket, (round << (2 * TaskBits)) | ((long)tasks << TaskBits));
            if (tasks > 1)
                WakeSleepers();
            RunTasks();
            var wait = default(SpinWait);
            while (Volatile.Read(ref completedTasks) < tasks)
                wait.SpinOnce(sleep1Threshold: -1);
            failure?.Throw();
        }
        finally
        {
            Volatile.Write(ref isRunning, 0);
        }
    }

    /// <summary>Stops the threads.</summary>
    public void Dispose()
    {
        if (isDisposed)
            return;
        isDisposed = true;
        Interlocked.Exchange(ref ticket, ((ticket >>> (2 * TaskBits)) + 1) << (2 * TaskBits));
        WakeSleepers();
        foreach (var helper in helpers)
            helper.Join();
        wakeSignal.Dispose();
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
            var claimedTicket = Interlocked.Increment(ref ticket) - 1;
            var taskIndex = (int)claimedTicket & ((1 << TaskBits) - 1);
            var tasks = (int)(claimedTicket >>> TaskBits) & ((1 << TaskBits) - 1);
            if (taskIndex >= tasks)
                return;
            // The round cannot end before this task is done, so the field still holds its delegate.
            try
            {
                task(taskIndex);
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(exception), null);
            }
            Interlocked.Increment(ref completedTasks);
        }
    }

    private void RunHelper()
    {
        // Round 0 has no tasks, so a thread that starts late still sees the first round as new.
        long lastRound = 0;
        while (true)
        {
            lastRound = WaitForRound(lastRound);
            if (Volatile.Read(ref isDisposed))
                return;
            RunTasks();
        }
    }

    private long WaitForRound(long lastRound)
    {
        for (var spin = 0; spin < SpinsBeforeSleep; spin++)
        {
            if (ReadRound() != lastRound)
                return ReadRound();
            Thread.SpinWait(8);
        }
        while (true)
        {
            // The caller reads 'sleepingThreads' after publishing a round, and this thread reads the round after
            // incrementing 'sleepingThreads': at least one of them sees the other's write.
            Interlocked.Increment(ref sleepingThreads);
            if (ReadRound() != lastRound && TryStayAwake())
                return ReadRound();
            wakeSignal.Wait();
            if (ReadRound() != lastRound)
                return ReadRound();
        }
    }

    private void WakeSleepers()
    {
        lock (sleepLock)
        {
            var sleepers = sleepingThreads;
            if (sleepers == 0)
                return;
            Interlocked.Add(ref sleepingThreads, -sleepers);
            wakeSignal.Release(sleepers);
        }
    }

    // Removes this thread from the sleepers, unless it has already been signaled: then the semaphore holds its wake-up.
    private bool TryStayAwake()
    {
        lock (sleepLock)
        {
            if (sleepingThreads == 0)
                return false;
            Interlocked.Decrement(ref sleepingThreads);
            return true;
        }
    }

    private long ReadRound() => Volatile.Read(ref ticket) >>> (2 * TaskBits);
}
