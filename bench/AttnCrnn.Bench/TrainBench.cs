using System.Diagnostics;
using System.Text.Json.Nodes;
using AttnCrnn.Models;
using AttnCrnn.Numerics.Gemm;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;
using AttnCrnn.Testing.Models;

namespace AttnCrnn.Bench;

/// <summary>Measures training steps (forward, loss, backward, Adam) with dropout, each on a new batch.</summary>
internal static class TrainBench
{
    private const int Classes = 6;
    private const int Rounds = 3;
    private const int WarmUp = 3;

    public static JsonObject Run(
        int threads,
        int frames,
        int width,
        int clips,
        int steps,
        double recurrentDropout,
        int layers,
        bool exact
    )
    {
        var options = new NetworkOptions(width, Classes)
        {
            RecurrentDropout = recurrentDropout,
            EncoderLayers = layers,
            ExactConvolution = exact,
        };
        using var workers = new WorkerPool(threads);
        using var network = new Network(options, workers, new(clips * frames, clips, frames), training: true);
        using var batch = new BenchBatch(clips, frames, options.FrameWidth, Classes);
        using var trainingStep = TrainingStepBuilder.Create(network, workers);
        network.Initialize(new RandomStream(0));
        var means = new List<double>();
        var min = double.MaxValue;
        var minPredict = double.MaxValue;
        var allocated = 0L;
        var resident = 0.0;
        var profiler = network.CreateProfiler();
        for (var step = -WarmUp; step < Rounds * steps; step++)
        {
            batch.Fill(step + WarmUp);
            network.Profiler = step < 0 ? null : profiler;
            var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            trainingStep.ComputeGradients(
                batch.Clips,
                batch.Targets,
                batch.Weights,
                new RandomStream(0).AtStep(0, (uint)(step + WarmUp)),
                batch.Probabilities
            );
            trainingStep.Update(new(1e-3), step + WarmUp + 1);
            var milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (step < 0)
                continue;
            allocated += GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
            if (step % steps == 0)
                means.Add(0);
            means[^1] += milliseconds / steps;
            min = Math.Min(min, milliseconds);
            if (step == 10)
                resident = Memory.ResidentMb;
        }
        network.Profiler = null;
        for (var round = 0; round < 10; round++)
        {
            batch.Fill(round);
            var start = Stopwatch.GetTimestamp();
            network.Predict(batch.Clips, batch.Probabilities);
            minPredict = Math.Min(minPredict, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        var peakMegabytes = Memory.PeakResidentMb;
        var anonymousMegabytes = Memory.AnonymousMb;
        var finalResident = Memory.ResidentMb;
        var gflops = Gemm.MeasurePeakGflops(threads);
        var ideal = clips * StepWork.CountStep(options, frames) * 2 / gflops / 1e6;
        var mean = means.Min();
        return new()
        {
            ["bench"] = "train",
            ["threads"] = threads,
            ["clips"] = clips,
            ["frames"] = frames,
            ["width"] = width,
            ["layers"] = layers,
            ["recurrent_dropout"] = recurrentDropout,
            ["exact_convolution"] = exact,
            ["tile"] = MatrixProduct.TileName,
            ["step_ms"] = Round(mean),
            ["step_ms_min"] = Round(min),
            ["predict_ms"] = Round(minPredict),
            ["clips_per_s"] = Round(clips * 1000 / mean),
            ["peak_rss_mb"] = Round(peakMegabytes),
            ["anon_mb"] = Round(anonymousMegabytes),
            ["rss_mb_after_10_steps"] = Round(resident),
            [$"rss_mb_after_{(Rounds * steps) + WarmUp}_steps"] = Round(finalResident),
            ["allocated_bytes_a_step"] = allocated / (Rounds * steps),
            ["gemm_gflops"] = Round(gflops),
            ["own_gemm_gflops"] = Round(Gemm.MeasureOwnGflops(threads)),
            ["ideal_ms"] = Round(ideal),
            ["predict_ideal_ms"] = Round(clips * StepWork.CountForward(options, frames) * 2 / gflops / 1e6),
            ["efficiency"] = Math.Round(ideal / mean, 3),
            ["stages"] = new JsonObject(
                profiler.Stages.Select(
                    (stage, i) =>
                        KeyValuePair.Create(
                            stage,
                            (JsonNode?)Math.Round(profiler.GetMilliseconds(i) / (Rounds * steps), 2)
                        )
                )
            ),
        };
    }

    private static double Round(double value) => Math.Round(value, 1);
}
