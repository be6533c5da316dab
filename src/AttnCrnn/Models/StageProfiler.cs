using System.Diagnostics;

namespace AttnCrnn.Models;

/// <summary>The stages of a training step: forward pass, backward pass, optimizer.</summary>
internal enum Stage
{
    LayerWeighting,
    Conv1,
    Conv2,
    Lstm,
    Dropout,
    Attention,
    Norm,
    Mean,
    Head,
    LayerWeightingBackward,
    Conv1Backward,
    Conv2Backward,
    LstmBackward,
    DropoutBackward,
    AttentionBackward,
    NormBackward,
    MeanBackward,
    HeadBackward,
    Adam,
}

/// <summary>Accumulates the time per stage of a training step, for benchmarks.</summary>
internal sealed class StageProfiler
{
    private readonly long[] ticks = new long[Enum.GetValues<Stage>().Length];
    private long lastTimestamp;

    /// <summary>Starts measuring.</summary>
    public void Start() => lastTimestamp = Stopwatch.GetTimestamp();

    /// <summary>Adds the time since the last call to a stage.</summary>
    public void Lap(Stage stage)
    {
        var timestamp = Stopwatch.GetTimestamp();
        ticks[(int)stage] += timestamp - lastTimestamp;
        lastTimestamp = timestamp;
    }

    /// <summary>Total time of a stage.</summary>
    public double GetMilliseconds(Stage stage) => ticks[(int)stage] * 1000.0 / Stopwatch.Frequency;
}
