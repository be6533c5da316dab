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
        var uninterruptedJob = Job("whole", options);
        TrainingJobBuilder.Train(uninterruptedJob);

        var stoppedJob = Job("broken", options with { Threads = 1 });
        using (var stop = new CancellationTokenSource())
        using (var trainer = new Trainer(stoppedJob, TimeProvider.System))
            Assert.Throws<OperationCanceledException>(() =>
                trainer.Run(new ActionAtStep(epoch: 3, step: 2, stop.Cancel), stop.Token)
            );
        Assert.False(Trainer.IsFinished(stoppedJob.ResumeFolder));
        using (var trainer = new Trainer(stoppedJob, TimeProvider.System))
            Assert.Equal(4, trainer.Run().History.Count);

        Assert.Equal(TrainedWeights.Read(uninterruptedJob.FinalPath), TrainedWeights.Read(stoppedJob.FinalPath));
        Assert.Equal(TrainedWeights.Read(uninterruptedJob.BestPath), TrainedWeights.Read(stoppedJob.BestPath));
        // Including Adam's state and the date.
        Assert.Equal(File.ReadAllBytes(uninterruptedJob.FinalPath), File.ReadAllBytes(stoppedJob.FinalPath));
        Assert.Equal(File.ReadAllBytes(uninterruptedJob.BestPath), File.ReadAllBytes(stoppedJob.BestPath));
        Assert.True(Trainer.IsFinished(stoppedJob.ResumeFolder));
        var otherJob = stoppedJob with { Options = options with { Seed = 9 } };
        using (var trainer = new Trainer(otherJob, TimeProvider.System))
            Assert.Throws<InvalidInputException>(() => trainer.Run());
    }

    [Fact]
    public void Frequent_checkpoints_keep_two_files_and_bit_identical_weights()
    {
        var options = new TrainingOptions
        {
            Epochs = 2,
            BatchSize = 8,
            Threads = 2,
        };
        var (plainJob, frequentJob) = (Job("plain", options), Job("often", options with { CheckpointEvery = 2 }));
        TrainingJobBuilder.Train(plainJob);
        TrainingJobBuilder.Train(frequentJob);
        Assert.Equal(TrainedWeights.Read(plainJob.FinalPath), TrainedWeights.Read(frequentJob.FinalPath));
        Assert.Equal(2, Trainer.ListCheckpoints(frequentJob.Folder).Count);
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
        var uninterruptedJob = Job("unbroken", options);
        TrainingJobBuilder.Train(uninterruptedJob);
        var job = Job("damaged", options);
        using (var stop = new CancellationTokenSource())
        using (var trainer = new Trainer(job, TimeProvider.System))
            Assert.Throws<OperationCanceledException>(() =>
                trainer.Run(new ActionAtStep(epoch: 3, step: 2, stop.Cancel), stop.Token)
            );
        var newestCheckpoint = Trainer.ListCheckpoints(job.Folder)[0];
        File.WriteAllBytes(newestCheckpoint, File.ReadAllBytes(newestCheckpoint)[..^100]);
        TrainingJobBuilder.Train(job);
        Assert.Equal(TrainedWeights.Read(uninterruptedJob.FinalPath), TrainedWeights.Read(job.FinalPath));
    }

    [Fact]
    public void Truncating_a_store_during_training_keeps_the_checkpoint_intact()
    {
        var frames = new SeparableClips();
        var encoder = new EncoderDescription("test", "1", "", 100, SeparableClips.FrameWidth, 1);
        var storeFolder = folder.PathOf("store");
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
        var uninterruptedJob = Job("undisturbed", options) with { Frames = new FeatureStoreFrameSource(store) };
        TrainingJobBuilder.Train(uninterruptedJob);

        var job = Job("cut", options) with { Frames = new FeatureStoreFrameSource(store) };
        var shard = Assert.Single(Directory.GetFiles(storeFolder, "*.safetensors"));
        var bytes = File.ReadAllBytes(shard);
        using (var trainer = new Trainer(job, TimeProvider.System))
        {
            var cutter = new ActionAtStep(epoch: 3, step: 2, () => Resize(shard, bytes.Length / 2));
            var exception = Assert.Throws<InvalidFileException>(() => trainer.Run(cutter));
            Assert.Contains(shard, exception.Message, StringComparison.Ordinal);
            Assert.Contains("found the end of the file", exception.Message, StringComparison.Ordinal);
        }
        SafetensorsFile.Open(Trainer.ListCheckpoints(job.Folder)[0]).Dispose();
        Assert.Equal(2, Trainer.ReadHistory(job.ResumeFolder)!.Value.History.Count);

        using (var stream = new FileStream(shard, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            stream.Write(bytes);
        TrainingJobBuilder.Train(job);
        Assert.Equal(TrainedWeights.Read(uninterruptedJob.FinalPath), TrainedWeights.Read(job.FinalPath));
    }

    private TrainingJob Job(string name, TrainingOptions options) =>
        TrainingJobBuilder.Create(folder.PathOf(name), options);

    private static void Resize(string path, int length)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        stream.SetLength(length);
    }
}
