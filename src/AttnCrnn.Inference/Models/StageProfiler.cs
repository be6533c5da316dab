using System.Diagnostics;

namespace AttnCrnn.Models;

/// <summary>Accumulates the time per stage of a training step, for benchmarks.</summary>
/// <param name="stages">The layers of the network, each with a forward and a backward pass, and the optimizer.</param>
internal sealed class StageProfiler(IReadOnlyList<string> stages)
{
    private readonly long[] ticks = new long[stages.Count];
    private long lastTimestamp;

    /// <summary>Names of the stages, in the order of their indices.</summary>
    public IReadOnlyList<string> Stages => stages;

    /// <summary>Starts measuring.</summary>
    public void Start() => lastTimestamp = Stopwatch.GetTimestamp();

    /// <summary>Adds the time since the last call to a stage.</summary>
    public void Lap(int stage)
    {
        var timestamp = Stopwatch.GetTimestamp();
        ticks[stage] += timestamp - lastTimestamp;
        lastTimestamp = timestamp;
    }

    /// <summary>Total time of a stage.</summary>
    public double GetMilliseconds(int stage) => ticks[stage] * 1000.0 / Stopwatch.Frequency;
}
