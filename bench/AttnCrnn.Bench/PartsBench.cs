using System.Diagnostics;
using System.Text.Json.Nodes;
using AttnCrnn.Models;
using AttnCrnn.Models.Losses;
using AttnCrnn.Models.Optimizers;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;
using AttnCrnn.Training;
using AttnCrnn.Training.Averaging;

namespace AttnCrnn.Bench;

/// <summary>
/// Measures what each part of the network and of the training adds to a step: a step with it and one without it in
/// turn, on the same batch.
/// </summary>
internal static class PartsBench
{
    private const int Classes = 6;
    private const int Clips = 32;
    private const int WarmUp = 5;

    private static readonly NetworkOptions Network = new(768, Classes);

    private static readonly Part Base = new("default", Network, new());

    private static readonly Part[] Parts =
    [
        Base with
        {
            Name = "default again",
        },
        Base with
        {
            Name = "pooling statistics",
            Network = Network with { Version = NetworkVersion.V2Statistics },
        },
        Base with
        {
            Name = "pooling attentive",
            Network = Network with { Pooling = TemporalPooling.Attentive },
        },
        Base with
        {
            Name = "head_norm layer",
            Network = Network with { HeadNormalization = HeadNormalization.Layer },
        },
        Base with
        {
            Name = "head_norm none",
            Network = Network with { HeadNormalization = HeadNormalization.None },
        },
        Base with
        {
            Name = "activation gelu_tanh",
            Network = Network with { Activation = HeadActivation.GeluTanh },
        },
        Base with
        {
            Name = "activation relu",
            Network = Network with { Activation = HeadActivation.Relu },
        },
        Base with
        {
            Name = "loss focal",
            Training = new() { Loss = LossFunction.Focal },
        },
        Base with
        {
            Name = "label_smoothing",
            Training = new() { LabelSmoothing = 0.1 },
        },
        Base with
        {
            Name = "optimizer adamw",
            Training = new() { Optimizer = OptimizerAlgorithm.AdamW },
        },
        Base with
        {
            Name = "clip_norm",
            Training = new() { ClipNorm = 1 },
        },
        Base with
        {
            Name = "averaging ema",
            Training = new() { Averaging = WeightAveraging.Ema },
        },
        Base with
        {
            Name = "averaging last",
            Training = new() { Averaging = WeightAveraging.Last },
        },
    ];

    /// <summary>Measures every part; the result has the median difference and its interval in milliseconds.</summary>
    /// <param name="pairs">Steps with and without each part.</param>
    public static JsonObject Run(int threads, int frames, int pairs)
    {
        using var workers = new WorkerPool(threads);
        using var batch = new BenchBatch(Clips, frames, Network.FrameWidth, Classes);
        batch.Fill(0);
        var result = new JsonObject();
        foreach (var part in Parts)
        {
            using var baseline = new Steps(Base, workers, batch, frames);
            using var variant = new Steps(part, workers, batch, frames);
            for (var step = 0; step < WarmUp; step++)
            {
                baseline.Run();
                variant.Run();
            }
            var differences = new double[pairs];
            var times = new double[pairs];
            for (var pair = 0; pair < pairs; pair++)
            {
                // The second one of a pair must not always be the same.
                var first = pair % 2 == 0 ? baseline : variant;
                var firstTime = first.Run();
                var secondTime = (pair % 2 == 0 ? variant : baseline).Run();
                times[pair] = pair % 2 == 0 ? firstTime : secondTime;
                differences[pair] = pair % 2 == 0 ? secondTime - firstTime : firstTime - secondTime;
            }
            var (low, high) = Timing.ComputeMedianInterval(differences);
            result[part.Name] = new JsonObject
            {
                ["default_ms"] = Math.Round(Timing.ComputeMedian(times), 1),
                ["added_ms"] = Math.Round(Timing.ComputeMedian(differences), 2),
                ["added_ms_95"] = new JsonArray(Math.Round(low, 2), Math.Round(high, 2)),
            };
        }
        return new()
        {
            ["bench"] = "parts",
            ["threads"] = threads,
            ["clips"] = Clips,
            ["frames"] = frames,
            ["pairs"] = pairs,
            ["gemm_gflops"] = Math.Round(Gemm.MeasurePeakGflops(threads), 1),
            ["parts"] = result,
        };
    }

    private sealed record Part(string Name, NetworkOptions Network, TrainingOptions Training);

    /// <summary>Steps of a network, one after the other.</summary>
    private sealed class Steps : IDisposable
    {
        private readonly BenchBatch batch;
        private readonly Network network;
        private readonly TrainingStep trainingStep;
        private readonly IWeightAveraging averaging;
        private int step;

        public Steps(Part part, WorkerPool workers, BenchBatch batch, int frames)
        {
            this.batch = batch;
            network = new Network(part.Network, workers, new(Clips * frames, Clips, frames), training: true);
            network.Initialize(new RandomStream(0));
            var training = part.Training;
            trainingStep = new TrainingStep(
                network,
                LossFunctions.Create(
                    new(training.Loss, TrainingOptionTable.DefaultFocalGamma, training.LabelSmoothing),
                    Classes
                ),
                OptimizerAlgorithms.Create(
                    new(training.Optimizer, TrainingOptionTable.DefaultWeightDecay, training.ClipNorm),
                    network.Parameters,
                    workers
                )
            );
            averaging = AveragingMethods.Create(training, network.Parameters, workers);
        }

        /// <summary>Runs a step.</summary>
        /// <returns>Its time in milliseconds.</returns>
        public double Run()
        {
            var start = Stopwatch.GetTimestamp();
            trainingStep.ComputeGradients(
                batch.Clips,
                batch.Targets,
                batch.Weights,
                new RandomStream(0).AtStep(0, (uint)step),
                batch.Probabilities
            );
            trainingStep.Update(new(1e-3), ++step);
            averaging.OnStep(step);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        public void Dispose()
        {
            averaging.Dispose();
            trainingStep.Dispose();
            network.Dispose();
        }
    }
}
