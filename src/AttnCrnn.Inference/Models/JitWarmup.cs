using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Models;

/// <summary>
/// Compiles the inference kernels on a background thread during startup: kernels that use the processor's widest
/// vectors cannot be compiled ahead of time, and JIT-compiling them takes as long as reading a model.
/// </summary>
internal static class JitWarmup
{
    // Large enough to run both the full-tile and the remainder code paths.
    private const int Units = 32;
    private const int Frames = 64;
    private const int Classes = 2;

    private static int isStarted;

    /// <summary>
    /// Starts once per process, on a background thread; does nothing on a single processor, where it would not help.
    /// </summary>
    public static void Start()
    {
        if (Environment.ProcessorCount < 2 || Interlocked.Exchange(ref isStarted, 1) == 1)
            return;
        new Thread(RunSmallNetwork)
        {
            IsBackground = true, // does not keep the process running
            Name = "attn-crnn compile",
        }.Start();
    }

    // Runs a small network on zeros and discards the result.
    private static void RunSmallNetwork()
    {
        var options = new NetworkOptions(Units, Classes)
        {
            Conv1Filters = Units,
            Conv2Filters = Units,
            LstmUnits = Units,
            DenseUnits = Units,
        };
        using var workers = new WorkerPool(1);
        using var network = new Network(options, workers, new BatchCapacity(Frames, 1, Frames), training: false);
        using var frames = new AlignedBuffer(Frames * Units);
        using var probabilities = new AlignedBuffer(Classes);
        network.Predict(new(frames.Rows(0, Frames, Units), [0, Frames], 1), probabilities.Rows(0, 1, Classes));
    }
}
