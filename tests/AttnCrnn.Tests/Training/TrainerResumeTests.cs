using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.Formats.Safetensors;
using AttnCrnn.Training;
using AttnCrnn.Training.Batches;

namespace AttnCrnn.Tests.Training;

/// <summary>Checkpoints, and runs that are resumed from them.</summary>
public sealed class TrainerResumeTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_stopped_run_resumes_to_bit_identical_weights()
    {
        var options = new TrainingOptions
        {
            Epochs = 4,
            BatchSize = 8,
            Threads = 2,
            TimeMasks = 1,
            FrequencyMasks = 1,
            Tempo = 0.1,
            Copies = 2,
        };
        var whole = Job("whole", options);
        TrainingJobBuilder.Train(whole);

        var broken = Job("broken", options with { Threads = 1 });
        using (var stop = new CancellationTokenSource())
        using (var trainer = new Trainer(broken, TimeProvider.System))
            Assert.Throws<OperationCanceledException>(() =>
                trainer.Run(new ActionAtStep(epoch: 3, step: 2, stop.Cancel), stop.Token)
            );
        Assert.False(Trainer.IsFinished(broken.ResumeFolder));
        using (var trainer = new Trainer(broken, TimeProvider.System))
            Assert.Equal(4, trainer.Run().History.Count);

        Assert.Equal(TrainedWeights.Read(whole.FinalPath), TrainedWeights.Read(broken.FinalPath));
        Assert.Equal(TrainedWeights.Read(whole.BestPath), TrainedWeights.Read(broken.BestPath));
        // Including Adam's state and the date.
        Assert.Equal(File.ReadAllBytes(whole.FinalPath), File.ReadAllBytes(broken.FinalPath));
        Assert.Equal(File.ReadAllBytes(whole.BestPath), File.ReadAllBytes(broken.BestPath));
        Assert.True(Trainer.IsFinished(broken.ResumeFolder));
        var other = broken with { Options = options with { Seed = 9 } };
        using (var trainer = new Trainer(other, TimeProvider.System))
            Assert.Throws<InvalidInputException>(() => trainer.Run());
    }

    [Fact]
    public void A_checkpoint_every_few_steps_keeps_two_and_changes_no_bit()
    {
        var options = new TrainingOptions
        {
            Epochs = 2,
            BatchSize = 8,
            Threads = 2,
        };
        var (plain, often) = (Job("plain", options), Job("often", options with { CheckpointEvery = 2 }));
        TrainingJobBuilder.Train(plain);
        TrainingJobBuilder.Train(often);
        Assert.Equal(TrainedWeights.Read(plain.FinalPath), TrainedWeights.Read(often.FinalPath));
        Assert.Equal(2, Trainer.CheckpointsIn(often.Folder).Count);
    }

    [Fact]
    public void A_damaged_checkpoint_falls_back_to_the_previous_one()
    {
        var options = new TrainingOptions
        {
            Epochs = 4,
            BatchSize = 8,
            Threads = 1,
        };
        var whole = Job("unbroken", options);
        TrainingJobBuilder.Train(whole);
        var job = Job("damaged", options);
        using (var stop = new CancellationTokenSource())
        using (var trainer = new Trainer(job, TimeProvider.System))
            Assert.Throws<OperationCanceledException>(() =>
                trainer.Run(new ActionAtStep(epoch: 3, step: 2, stop.Cancel), stop.Token)
            );
        var newest = Trainer.CheckpointsIn(job.Folder)[0];
        File.WriteAllBytes(newest, File.ReadAllBytes(newest)[..^100]);
        TrainingJobBuilder.Train(job);
        Assert.Equal(TrainedWeights.Read(whole.FinalPath), TrainedWeights.Read(job.FinalPath));
    }

    [Fact]
    public void A_store_that_is_cut_off_during_training_is_named_and_the_checkpoint_is_whole()
    {
        var frames = new SeparableClips();
        var encoder = new EncoderDescription("test", "1", "", 100, SeparableClips.FrameWidth, 1);
        var storeFolder = folder.At("store");
        FeatureStoreBuilder.Write(
            storeFolder,
            encoder,
            Enumerable
                .Range(0, SeparableClips.Count)
                .Select(clip => new StoreClip(
                    $"/{clip:00}.wav",
                    "a",
                    "s",
                    TrainingJobBuilder.ReadClip(frames, clip).Values
                ))
        );
        using var store = FeatureStore.Open([storeFolder]);
        var options = new TrainingOptions
        {
            Epochs = 4,
            BatchSize = 8,
            Threads = 2,
        };
        var undisturbed = Job("undisturbed", options) with { Frames = new FeatureStoreFrameSource(store) };
        TrainingJobBuilder.Train(undisturbed);

        var job = Job("cut", options) with { Frames = new FeatureStoreFrameSource(store) };
        var shard = Assert.Single(Directory.GetFiles(storeFolder, "*.safetensors"));
        var bytes = File.ReadAllBytes(shard);
        using (var trainer = new Trainer(job, TimeProvider.System))
        {
            var cutter = new ActionAtStep(epoch: 3, step: 2, () => Resize(shard, bytes.Length / 2));
            var fault = Assert.Throws<InvalidFileException>(() => trainer.Run(cutter));
            Assert.Contains(shard, fault.Message, StringComparison.Ordinal);
            Assert.Contains("truncated after it was opened", fault.Message, StringComparison.Ordinal);
        }
        SafetensorsFile.Open(Trainer.CheckpointsIn(job.Folder)[0]).Dispose();
        Assert.Equal(2, Trainer.HistoryIn(job.ResumeFolder)!.Value.History.Count);

        using (var stream = new FileStream(shard, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            stream.Write(bytes);
        TrainingJobBuilder.Train(job);
        Assert.Equal(TrainedWeights.Read(undisturbed.FinalPath), TrainedWeights.Read(job.FinalPath));
    }

    private TrainingJob Job(string name, TrainingOptions options) =>
        TrainingJobBuilder.Create(folder.At(name), options);

    private static void Resize(string path, int length)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        stream.SetLength(length);
    }
}
