using System.Diagnostics;

namespace AttnCrnn.Models;

/// <summary>The stages of a training step: forward pass, backward pass, optimizer.</summary>
internal enum Stage
{
    LayerMix,
    Conv1,
    Conv2,
    Lstm,
    Dropout,
    Attention,
    Norm,
    Mean,
    Head,
    LayerMixBackward,
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
    private long last;

    /// <summary>Starts measuring.</summary>
    public void Start() => last = Stopwatch.GetTimestamp();

    /// <summary>Adds the time since the last call to a stage.</summary>
    public void Lap(Stage stage)
    {
        var now = Stopwatch.GetTimestamp();
        ticks[(int)stage] += now - last;
        last = now;
    }

    /// <summary>Total time of a stage.</summary>
    public double Milliseconds(Stage stage) => ticks[(int)stage] * 1000.0 / Stopwatch.Frequency;
}
