using AttnCrnn.Models;
using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Prediction;

/// <summary>What one call computes with: threads, and the memory of a network. The weights are shared.</summary>
/// <param name="weights">Owned by the caller.</param>
/// <param name="threads">Number of threads, including the caller's.</param>
internal sealed class NetworkSlot(NetworkOptions options, Parameters weights, int threads) : IDisposable
{
    private readonly WorkerPool workers = new(threads);
    private Network? network;
    private BatchCapacity capacity;

    /// <summary>The network, reallocated only for a batch larger than any before.</summary>
    /// <param name="longest">Frames of the longest clip.</param>
    public Network EnsureCapacity(int rows, int clips, int longest)
    {
        if (network is not null && rows <= capacity.Rows && clips <= capacity.Clips && longest <= capacity.Frames)
            return network;
        network?.Dispose();
        capacity = new(
            Math.Max(rows, capacity.Rows),
            Math.Max(clips, capacity.Clips),
            Math.Max(longest, capacity.Frames)
        );
        network = new Network(options, workers, capacity, weights);
        return network;
    }

    public void Dispose()
    {
        network?.Dispose();
        workers.Dispose();
    }
}
