using AttnCrnn.Models;
using AttnCrnn.Models.Weights;

namespace AttnCrnn.Prediction;

/// <summary>
/// Networks that share their weights, one for each of several concurrent calls; further calls wait. Thread-safe.
/// </summary>
internal sealed class NetworkPool : IDisposable
{
    private readonly Func<NetworkSlot> create;
    private readonly Parameters weights;
    private readonly SemaphoreSlim available;
    private readonly Lock idleLock = new();
    private readonly List<NetworkSlot> idle; // the last used one comes last: its memory is in the caches

    /// <param name="tensors">In the order of the network's parameters; copied.</param>
    /// <param name="threads">Number of threads of a call, at least 1.</param>
    /// <param name="concurrency">Number of concurrent calls, at least 1.</param>
    public NetworkPool(NetworkOptions options, IReadOnlyList<ModelTensor> tensors, int threads, int concurrency)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(concurrency, 1);
        weights = new Parameters(options, training: false);
        foreach (var (tensor, parameter) in tensors.Zip(weights.All))
            tensor.Values.CopyTo(parameter.Values.Span);
        create = () => new NetworkSlot(options, weights, threads);
        available = new SemaphoreSlim(concurrency);
        idle = [create()];
    }

    /// <summary>Runs a call with a network that no other call uses, as soon as there is one.</summary>
    public T Run<T>(Func<NetworkSlot, T> call)
    {
        available.Wait();
        try
        {
            var slot = TakeIdle() ?? create();
            try
            {
                return call(slot);
            }
            finally
            {
                lock (idleLock)
                    idle.Add(slot);
            }
        }
        finally
        {
            available.Release();
        }
    }

    public void Dispose()
    {
        foreach (var slot in idle)
            slot.Dispose();
        available.Dispose();
        weights.Dispose();
    }

    private NetworkSlot? TakeIdle()
    {
        lock (idleLock)
        {
            if (idle.Count == 0)
                return null;
            var slot = idle[^1];
            idle.RemoveAt(idle.Count - 1);
            return slot;
        }
    }
}
