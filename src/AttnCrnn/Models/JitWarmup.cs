using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Models;

/// <summary>
/// Has the kernels of a prediction compiled beside whatever else begins: those that ask for the processor's widest vectors cannot be compiled before the program runs, and to compile
/// them takes as long as to read a model.
/// </summary>
internal static class JitWarmup
{
    private const int Units = 32,
        Frames = 64,
        Classes = 2; // enough for full tiles and for what is left beside them

    private static int isStarted;

    /// <summary>Begins, once in a process, on a thread that nobody waits for; where there is one processor alone nothing would be won.</summary>
    public static void Start()
    {
        if (Environment.ProcessorCount < 2 || Interlocked.Exchange(ref isStarted, 1) == 1)
            return;
        new Thread(Predict) { IsBackground = true, Name = "attn-crnn compile" }.Start();
    }

    // Of zeros by a small network: what it says is of no interest.
    private static void Predict()
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
