using AttnCrnn.Encoders;
using AttnCrnn.Models;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Prediction;
using AttnCrnn.Training;
using AttnCrnn.Training.Batches;

namespace AttnCrnn.Tests.Training;

/// <summary>Training on frames with several encoder layers side by side.</summary>
public sealed class LayerMixTests : IDisposable
{
    private const int Layers = 5,
        Width = 6,
        Clips = 96;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("v2", 3)]
    [InlineData("v1", 0)]
    public void The_informative_layer_gets_the_largest_weight(string model, int informative)
    {
        var options = new TrainingOptions
        {
            Epochs = 12,
            BatchSize = 8,
            Threads = 2,
            LearningRate = 3e-3,
            Patience = 12,
        };
        var job = Job("learn", model == "v1" ? options.WithV1Recipe() : options, informative);
        using (var trainer = new Trainer(job, TimeProvider.System))
            trainer.Run();
        using var predictor = Predictor.Load(job.FinalPath, 1);
        var weights = predictor.LayerWeights!;
        Assert.Equal(
            (Layers, Layers, Width),
            (weights.Length, predictor.Info.Network.EncoderLayers, predictor.Info.Network.Width)
        );
        // The encoder's output is normalized, before the mix.
        Assert.Equal(Layers * Width, predictor.Info.Normalization.Mean.Length);
        for (var layer = 0; layer < Layers; layer++)
            if (layer != informative)
                Assert.True(weights[informative] > 1.3 * Math.Abs(weights[layer]), string.Join(", ", weights));
    }

    [Fact]
    public void A_saved_model_predicts_bit_identically_to_training()
    {
        var job = Job(
            "saved",
            new TrainingOptions
            {
                Epochs = 6,
                BatchSize = 8,
                Threads = 2,
                LearningRate = 3e-3,
            },
            informative: 2
        );
        TrainingOutcome outcome;
        using (var trainer = new Trainer(job, TimeProvider.System))
            outcome = trainer.Run();
        using var predictor = Predictor.Load(outcome.BestPath, 1);
        FrameMatrix[] clips =
        [
            .. job.Validation.Select(clip => TrainingJobBuilder.ReadClip(job.Frames, clip.Source, Layers)),
        ];
        var batchProbabilities = predictor.Predict(clips);
        for (var i = 0; i < clips.Length; i++)
            Assert.Equal(batchProbabilities[i], predictor.Predict([clips[i]])[0]);
        var right = batchProbabilities
            .Zip(job.Validation)
            .Count(pair => Array.IndexOf(pair.First, pair.First.Max()) == pair.Second.Label);
        Assert.Equal(outcome.History[outcome.BestEpoch - 1].ValAccuracy, (double)right / clips.Length, 1e-12);
    }

    [Fact]
    public void A_stopped_run_resumes_to_bit_identical_weights()
    {
        var options = new TrainingOptions
        {
            Epochs = 3,
            BatchSize = 8,
            Threads = 2,
        };
        var (uninterruptedJob, stoppedJob) = (Job("whole", options), Job("broken", options with { Threads = 1 }));
        using (var trainer = new Trainer(uninterruptedJob, TimeProvider.System))
            trainer.Run();
        using (var stop = new CancellationTokenSource())
        using (var trainer = new Trainer(stoppedJob, TimeProvider.System))
            Assert.Throws<OperationCanceledException>(() =>
                trainer.Run(new ActionAtStep(2, 3, stop.Cancel), stop.Token)
            );
        using (var trainer = new Trainer(stoppedJob, TimeProvider.System))
            trainer.Run();
        Assert.Equal(TrainedWeights.Read(uninterruptedJob.FinalPath), TrainedWeights.Read(stoppedJob.FinalPath));
        Assert.NotEqual(
            Enumerable.Repeat(1f / Layers, Layers),
            TrainedWeights.Read(uninterruptedJob.FinalPath)[..Layers]
        );
    }

    [Fact]
    public void A_batch_too_large_for_memory_is_rejected_with_the_remedy()
    {
        var job = Job(
            "large",
            new TrainingOptions
            {
                BatchSize = 64,

                Threads = 1,
            }
        ) with
        {
            Frames = new InformativeLayerFrames(0) { ExtraFrames = 2_000_000 },
        };
        var exception = Assert.Throws<InvalidInputException>(() =>
            new Trainer(
                job with
                {
                    Options = job.Options with { Normalize = NormalizationMode.None },
                },
                TimeProvider.System
            )
        );
        Assert.Contains("reduce batch_size (64)", exception.Message, StringComparison.Ordinal);
    }

    private TrainingJob Job(string name, TrainingOptions options, int informative = 1)
    {
        TrainingClip[] clips = [.. Enumerable.Range(0, Clips).Select(i => new TrainingClip(i, i % 3))];
        return new(
            new InformativeLayerFrames(informative),
            clips[..66],
            clips[66..],
            ["a", "b", "c"],
            new EncoderDescription("test", "1", "all", 50, Width, Layers),
            options,
            folder.PathOf(name),
            false,
            [],
            "test"
        );
    }

    /// <summary>Noise in every layer; in one of them the class determines which feature varies.</summary>
    private sealed class InformativeLayerFrames(int informative) : IFrameSource
    {
        /// <summary>Frames added to every clip's nominal frame count.</summary>
        public int ExtraFrames { get; init; }

        int IFrameSource.Width => Layers * Width;

        int IFrameSource.CountFrames(int clip) => 20 + (clip * 7 % 23) + ExtraFrames;

        public string GetName(int clip) => $"clip {clip}";

        public void Read(int clip, Span<float> destination)
        {
            new RandomStream(1).ForStream(RandomStreamId.Demo, (uint)clip).FillNormal(destination);
            for (var index = (informative * Width) + (clip % 3); index < destination.Length; index += Layers * Width)
                destination[index] += 1f;
        }
    }
}
