using System.Diagnostics;

namespace AttnCrnn.Models;

/// <summary>The parts of a step, forward and back.</summary>
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

/// <summary>Where a step's time goes: what has passed since the lap before is counted to the stage named. For the bench; a step without one measures nothing.</summary>
internal sealed class StageProfiler
{
    private readonly long[] ticks = new long[Enum.GetValues<Stage>().Length];
    private long last;

    /// <summary>Begins to count.</summary>
    public void Start() => last = Stopwatch.GetTimestamp();

    /// <summary>Counts what has passed.</summary>
    public void Lap(Stage stage)
    {
        var now = Stopwatch.GetTimestamp();
        ticks[(int)stage] += now - last;
        last = now;
    }

    /// <summary>All that was counted for a stage.</summary>
    public double Milliseconds(Stage stage) => ticks[(int)stage] * 1000.0 / Stopwatch.Frequency;
}
