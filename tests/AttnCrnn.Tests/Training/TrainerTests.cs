using AttnCrnn.Encoders;
using AttnCrnn.Formats;
using AttnCrnn.Interop;
using AttnCrnn.Kernels;
using AttnCrnn.Training;

namespace AttnCrnn.Tests.Training;

public sealed class TrainerTests : IDisposable
{
    private const int Width = 6;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory();

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Classes_that_can_be_told_apart_are_learned_and_predicted_from_the_saved_model()
    {
        var job = Job("learn", new TrainingOptions { Epochs = 12, BatchSize = 8, Threads = 2, LearningRate = 3e-3 });
        TrainingOutcome outcome;
        using (var trainer = new Trainer(job, TimeProvider.System)) outcome = trainer.Run();
        Assert.True(outcome.History.Max(of => of.ValAccuracy) > 0.9);
        using var predictor = Predictor.Load(outcome.BestPath, 1);
        Assert.Equal(["a", "b", "c"], predictor.Model.Labels);
        Assert.Equal("corpus", predictor.Model.Normalisation.Kind);
        var clips = job.Validation.Select(clip => Matrix(job.Frames, clip.Source)).ToArray();
        var together = predictor.Predict(clips);
        for (var i = 0; i < clips.Length; i++) Assert.Equal(together[i], predictor.Predict([clips[i]])[0]); // the same bits alone
        Assert.True(together.Zip(job.Validation).Count(pair => Array.IndexOf(pair.First, pair.First.Max()) == pair.Second.Label) > 0.9 * clips.Length);
        Assert.Throws<RefusedException>(() => predictor.Predict([new FrameMatrix(new float[3 * Width], 3, 1, Width)]));
        Assert.Throws<RefusedException>(() => predictor.Predict([new FrameMatrix(new float[50], 10, 1, 5)]));
    }

    [Fact]
    public void A_run_that_was_stopped_goes_on_to_the_same_bits()
    {
        var options = new TrainingOptions { Epochs = 4, BatchSize = 8, Threads = 2, TimeMasks = 1, FrequencyMasks = 1, Tempo = 0.1, Copies = 2 };
        var whole = Job("whole", options);
        using (var trainer = new Trainer(whole, TimeProvider.System)) trainer.Run();

        var broken = Job("broken", options with { Threads = 1 });
        using (var stop = new CancellationTokenSource())
        using (var trainer = new Trainer(broken, TimeProvider.System))
            Assert.Throws<OperationCanceledException>(() => trainer.Run(new Stopper(stop, epoch: 3), stop.Token));
        Assert.False(Trainer.IsFinished(broken.ResumeFolder));
        using (var trainer = new Trainer(broken, TimeProvider.System)) Assert.Equal(4, trainer.Run().History.Count);

        Assert.Equal(Weights(whole.FinalPath), Weights(broken.FinalPath));
        Assert.Equal(Weights(whole.BestPath), Weights(broken.BestPath));
        Assert.True(Trainer.IsFinished(broken.ResumeFolder));
        var other = broken with { Options = options with { Seed = 9 } };
        using (var trainer = new Trainer(other, TimeProvider.System)) Assert.Throws<RefusedException>(() => trainer.Run());
    }

    [Fact]
    public void Class_weights_noise_mixup_and_masks_each_change_the_training()
    {
        var plain = new TrainingOptions { Epochs = 1, BatchSize = 8, Threads = 1, Noise = 0, MixUp = 0, ClassWeight = "none", TimeMasks = 0, FrequencyMasks = 0, Tempo = 0, Copies = 1 };
        TrainingOptions[] all =
        [
            plain, plain with { ClassWeight = "balanced" }, plain with { Noise = 0.01 }, plain with { MixUp = 0.2 }, plain with { TimeMasks = 2 },
            plain with { FrequencyMasks = 2, FrequencyMaskBands = 3 }, plain with { Tempo = 0.2 }, plain with { Copies = 2 }, plain with { Normalize = "none" }, plain with { Padding = "longest" },
            plain with { Seed = 1 },
        ];
        var digests = all.Select((options, i) =>
        {
            var job = Job($"each{i}", options);
            using var trainer = new Trainer(job, TimeProvider.System);
            trainer.Run();
            return Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes(Weights(job.FinalPath).AsSpan()));
        }).ToArray();
        Assert.Equal(all.Length, digests.Distinct().Count());
        // Switched off as a whole, none of them changes a bit.
        var off = Job("off", plain with { Augmentation = false, Noise = 1, MixUp = 1, TimeMasks = 3, Tempo = 0.3, Copies = 5 });
        using (var trainer = new Trainer(off, TimeProvider.System)) trainer.Run();
        Assert.Equal(digests[0], Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes(Weights(off.FinalPath).AsSpan())));
    }

    [Fact]
    public void A_batch_may_be_larger_than_the_training_side()
    {
        var job = Job("small", new TrainingOptions { Epochs = 1, BatchSize = 32, Threads = 1, Copies = 4 });
        using var trainer = new Trainer(job with { Train = [.. job.Train.Take(9)] }, TimeProvider.System);
        Assert.Single(trainer.Run().History);
    }

    [Fact]
    public void All_that_is_wrong_with_the_options_is_said_at_once()
    {
        var errors = new TrainingOptions { Epochs = 0, BatchSize = 1, MixUp = -1, Monitor = "loss" }.Errors().ToList();
        Assert.Equal(4, errors.Count);
        Assert.Contains("--epochs 0: expected 1", errors[0], StringComparison.Ordinal);
    }

    private TrainingJob Job(string name, TrainingOptions options)
    {
        var frames = new Separable();
        TrainingClip[] clips = [.. Enumerable.Range(0, frames.Count).Select(i => new TrainingClip(i, Separable.LabelOf(i)))];
        return new(
            frames, clips[..66], clips[66..], ["a", "b", "c"], new EncoderDescription("test", "1", "", 100, Width, 1), options, Path.Combine(folder.FullName, name), false, [], "test");
    }

    private static FrameMatrix Matrix(IFrameSource frames, int clip)
    {
        var values = new float[frames.Frames(clip) * Width];
        frames.Read(clip, values);
        return new(values, frames.Frames(clip), 1, Width);
    }

    private static float[] Weights(string path) => [.. ModelFile.Read(path).Tensors.SelectMany(tensor => tensor.Values)];

    /// <summary>Clips whose class shows in which of their features moves; one class is rare.</summary>
    private sealed class Separable : IFrameSource
    {
        public int Count => 96;

        public int Width => TrainerTests.Width;

        public static int LabelOf(int clip) => clip % 5 == 0 ? 2 : clip % 2;

        public int Frames(int clip) => 20 + (clip * 7 % 23);

        public string NameOf(int clip) => $"clip {clip}";

        public void Read(int clip, Span<float> to)
        {
            new Draw(1).For(Purpose.Demo, (uint)clip).FillNormal(to);
            for (var at = LabelOf(clip); at < to.Length; at += Width) to[at] += 2f;
        }
    }

    private sealed class Stopper(CancellationTokenSource stop, int epoch) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Epoch == epoch && value.Step == 2) stop.Cancel();
        }
    }
}
