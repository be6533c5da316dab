using System.Diagnostics;
using System.Text.Json;
using AttnCrnn.Kernels;
using AttnCrnn.Model;

namespace AttnCrnn.Bench;

/// <summary>One whole training step (forward, loss, backward, Adam) with dropout: 32 clips of 263 frames of 768, over distinct batches.</summary>
internal static class StepBench
{
    private const int Clips = 32, Frames = 263, Width = 768, Classes = 6, Batches = 4, Steps = 20;

    public static void Run(int threads)
    {
        using var workers = new Workers(threads);
        using var network = new Network(new(Width, Classes), workers, new(Clips * Frames, Clips, Frames), training: true);
        var draw = new Draw(0);
        network.Initialise(draw);
        using var features = new FloatBuffer(Batches * Clips * Frames * Width);
        draw.For(Purpose.Demo).FillNormal(features.Span);
        using var rest = new FloatBuffer(2 * Clips * Classes);
        var (targets, probabilities) = (rest.Rows(0, Clips, Classes), rest.Rows(Clips * Classes, Clips, Classes));
        for (var clip = 0; clip < Clips; clip++) targets[clip][clip % Classes] = 1;
        var weights = Enumerable.Repeat(1f, Clips).ToArray();
        var offsets = Enumerable.Range(0, Clips + 1).Select(clip => clip * Frames).ToArray();
        var milliseconds = new double[Steps];
        long allocated = 0;
        for (var step = -3; step < Steps; step++)
        {
            var batch = features.Rows((step + 3) % Batches * Clips * Frames * Width, Clips * Frames, Width);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            network.TrainStep(new(batch, offsets, Clips), targets, weights, draw.At(0, (uint)(step + 3)), probabilities);
            network.ApplyAdam(new(1e-3), step + 4);
            if (step < 0) continue;
            milliseconds[step] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            bench = "step", threads, clips = Clips, frames = Frames, width = Width, tile = MatrixProduct.TileName,
            step_ms = Math.Round(milliseconds.Average(), 1), step_ms_best = Math.Round(milliseconds.Min(), 1),
            allocated_bytes_a_step = allocated / Steps, peak_resident_mb = Process.GetCurrentProcess().PeakWorkingSet64 >> 20,
        }));
    }
}
