using AttnCrnn.Features;
using AttnCrnn.Models;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;
using AttnCrnn.Training;
using AttnCrnn.Training.Batches;
using AttnCrnn.Training.Normalization;

namespace AttnCrnn.Tests.Training;

public sealed class SpeakerNormalizationTests : IDisposable
{
    private const int Width = VoiceStore.Width;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_speakers_statistics_are_those_of_a_plain_loop_over_all_frames()
    {
        string?[] speakers = ["a", null, "b", "a", "b", "a", "once"];
        using var store = Store([.. speakers], clipsEach: 1, frames: 150);
        var speakerNormalizations = SpeakerStatistics.ComputeAll(new FeatureStoreFrameSource(store), speakers);
        foreach (var speaker in (string[])["a", "b"])
        {
            var frames = Enumerable
                .Range(0, speakers.Length)
                .Where(clip => speakers[clip] == speaker)
                .SelectMany(clip => Read(store, clip).Chunk(Width))
                .ToArray();
            for (var feature = 0; feature < Width; feature++)
            {
                var mean = frames.Average(frame => (double)frame[feature]);
                var standardDeviation = Math.Sqrt(
                    frames.Average(frame => (frame[feature] - mean) * (frame[feature] - mean))
                );
                foreach (var clip in Enumerable.Range(0, speakers.Length).Where(clip => speakers[clip] == speaker))
                {
                    Assert.Equal(mean, speakerNormalizations[clip]!.Mean[feature], 1e-5 * Math.Max(1, Math.Abs(mean)));
                    Assert.Equal(
                        standardDeviation,
                        speakerNormalizations[clip]!.StandardDeviation[feature],
                        1e-5 * Math.Max(1, standardDeviation)
                    );
                }
            }
        }
        Assert.Null(speakerNormalizations[1]); // names no speaker
        Assert.Null(speakerNormalizations[6]); // a single clip
    }

    [Theory]
    [InlineData(1, 500, false)]
    [InlineData(2, 99, false)]
    [InlineData(2, 100, true)]
    [InlineData(4, 50, true)]
    public void A_speaker_needs_two_clips_and_two_hundred_frames(int clips, int frames, bool enough)
    {
        var statistics = new SpeakerStatistics(1);
        for (var clip = 0; clip < clips; clip++)
            statistics.Add("a", new float[frames]);
        Assert.Equal(enough, statistics.Compute("a") is not null);
        Assert.Equal(enough, SpeakerStatistics.IsEnough(clips, clips * frames));
        Assert.Null(statistics.Compute("b"));
        if (enough)
            // A constant feature gets the lower bound.
            Assert.Equal(1e-4f, statistics.Compute("a")!.StandardDeviation[0]);
    }

    [Fact]
    public void Later_recordings_update_speaker_statistics()
    {
        var statistics = new SpeakerStatistics(1);
        statistics.Add("a", [.. Enumerable.Repeat(1f, 150)]);
        statistics.Add("a", [.. Enumerable.Repeat(1f, 150)]);
        Assert.Equal(1f, statistics.Compute("a")!.Mean[0]);
        statistics.Add("a", [.. Enumerable.Repeat(4f, 300)]);
        Assert.Equal((2.5f, 1.5f), (statistics.Compute("a")!.Mean[0], statistics.Compute("a")!.StandardDeviation[0]));
    }

    [Fact]
    public void Speakers_who_differ_by_an_offset_and_a_scale_become_equal()
    {
        var first = VoiceStore.Clips(["a"], 8).ToList();
        var second = first.Select(clip =>
            (
                clip.Label,
                (string?)"b",
                clip.Values.Select((value, at) => (value * (0.5f + (at % Width))) - 40 + (9 * (at % Width))).ToArray()
            )
        );
        using var store = VoiceStore.Make(folder.At("two"), first.Concat(second));
        using var made = Maker(store, new TrainingOptions { Augmentation = false }, by: true, clips: 16);
        var batch = made.Batches.Evaluate(Clips(store)).Rows.Span.ToArray();
        var (one, other) = (batch[..(batch.Length / 2)], batch[(batch.Length / 2)..]);
        for (var at = 0; at < one.Length; at++)
            Assert.Equal(one[at], other[at], 2e-4f);
        Assert.Equal(0, one.Average(), 1e-4);
    }

    [Theory]
    [InlineData(0.0, 0)]
    [InlineData(1.0, 0)] // both clips are normalized by their speakers, then mixed
    [InlineData(1.0, 60)]
    public void A_batch_is_bit_identical_to_one_of_clips_normalized_beforehand(double mixup, int padding)
    {
        var clips = VoiceStore.Clips(["a", "b", null, "c"], 6).ToList();
        using var store = VoiceStore.Make(folder.At("raw"), clips);
        var (speakerNormalizations, corpus) = Normalisations(store);
        var before = clips
            .Select(
                (clip, at) =>
                {
                    var values = (float[])clip.Values.Clone();
                    (speakerNormalizations[at] ?? corpus).Apply(values);
                    return (clip.Label, clip.Speaker, values);
                }
            )
            .ToList();
        using var normalized = VoiceStore.Make(folder.At("before"), before);
        var options = new TrainingOptions
        {
            MixUp = mixup,
            TimeMasks = 1,
            FrequencyMasks = 1,
            Tempo = 0.1,
        };
        using var expected = Maker(normalized, options, by: false, clips: 24, padding);
        using var actual = Maker(store, options, by: true, clips: 24, padding);
        for (var step = 0u; step < 3; step++)
            Assert.Equal(
                expected.Batches.Train(Clips(store), new RandomStream(3).AtStep(0, step)).Rows.Span.ToArray(),
                actual.Batches.Train(Clips(store), new RandomStream(3).AtStep(0, step)).Rows.Span.ToArray()
            );
        Assert.Equal(
            expected.Batches.Evaluate(Clips(store)).Rows.Span.ToArray(),
            actual.Batches.Evaluate(Clips(store)).Rows.Span.ToArray()
        );
    }

    [Fact]
    public void Making_a_batch_allocates_nothing()
    {
        using var store = VoiceStore.Make(folder.At("lean"), VoiceStore.Clips(["a", "b", null], 6));
        // One thread, this one: allocations of other tests do not count, nor do those of reading a store.
        using var made = Maker(
            store,
            new TrainingOptions { MixUp = 1 },
            by: true,
            clips: 18,
            frames: new InMemory(store),
            threads: 1
        );
        var clips = Clips(store);
        for (var step = 0u; step < 40; step++)
            made.Batches.Train(clips, new RandomStream(1).AtStep(0, step));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0u; step < 5; step++)
            made.Batches.Train(clips, new RandomStream(1).AtStep(1, step));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("longest")]
    public void A_stopped_run_resumes_to_bit_identical_weights(string padding)
    {
        using var store = VoiceStore.Make(folder.At("store"), VoiceStore.Clips(["a", "b", "c", null], 12));
        var options = new TrainingOptions
        {
            Normalize = "speaker",
            Epochs = 3,
            BatchSize = 8,
            Threads = 2,
            Copies = 2,
            Padding = padding,
        };
        var (whole, broken) = (Job("whole", store, options), Job("broken", store, options with { Threads = 1 }));
        using (var trainer = new Trainer(whole, TimeProvider.System))
            trainer.Run();
        using (var stop = new CancellationTokenSource())
        using (var trainer = new Trainer(broken, TimeProvider.System))
            Assert.Throws<OperationCanceledException>(() => trainer.Run(new At(2, 2, stop), stop.Token));
        using (var trainer = new Trainer(broken, TimeProvider.System))
            Assert.Equal(3, trainer.Run().History.Count);
        Assert.Equal(TrainedWeights.Read(whole.FinalPath), TrainedWeights.Read(broken.FinalPath));
        Assert.Equal("speaker", ModelFile.Read(whole.FinalPath).Model.Normalization.Kind);
        Assert.Equal(
            NormalizationFit.Compute(whole.Frames, whole.Train, "corpus").Mean,
            ModelFile.Read(whole.FinalPath).Model.Normalization.Mean
        ); // the fallback

        var corpus = Job("corpus", store, options with { Normalize = "corpus" });
        using (var trainer = new Trainer(corpus, TimeProvider.System))
            trainer.Run();
        Assert.NotEqual(TrainedWeights.Read(whole.FinalPath), TrainedWeights.Read(corpus.FinalPath));
    }

    [Fact]
    public void A_checkpoint_resumes_only_with_the_same_speaker_statistics()
    {
        using var store = VoiceStore.Make(folder.At("store"), VoiceStore.Clips(["a", "b", "c", "d"], 12));
        var job = Job(
            "run",
            store,
            new TrainingOptions
            {
                Normalize = "speaker",
                Epochs = 2,
                BatchSize = 8,
                Threads = 1,
                Copies = 1,
            }
        );
        using (var stop = new CancellationTokenSource())
        using (var trainer = new Trainer(job, TimeProvider.System))
            Assert.Throws<OperationCanceledException>(() => trainer.Run(new At(1, 2, stop), stop.Token));
        // A clip that is in neither the training nor the validation set now has another speaker.
        var other = job with
        {
            SpeakerNormalizations = SpeakerStatistics.ComputeAll(
                job.Frames,
                [.. store.Clips.Take(47).Select(clip => clip.Speaker), "a"]
            ),
        };
        using (var trainer = new Trainer(other, TimeProvider.System))
            Assert.Contains(
                "other clips or options",
                Assert.Throws<InvalidInputException>(() => trainer.Run()).Message,
                StringComparison.Ordinal
            );
        using (var trainer = new Trainer(job, TimeProvider.System))
            Assert.Equal(2, trainer.Run().History.Count);
        Assert.Contains(
            "--normalize speaker",
            Assert
                .Throws<InvalidInputException>(() =>
                    new Trainer(job with { SpeakerNormalizations = null }, TimeProvider.System)
                )
                .Message,
            StringComparison.Ordinal
        );
    }

    private FeatureStore Store(IReadOnlyList<string?> speakers, int clipsEach, int frames)
    {
        var random = new RandomStream(7).ForStream(RandomStreamId.Demo);
        return VoiceStore.Make(
            folder.At("plain"),
            VoiceStore
                .Clips(speakers, clipsEach)
                .Select(
                    (clip, at) =>
                    {
                        var values = new float[frames * Width];
                        random.AtStep(0, (uint)at).FillNormal(values);
                        return (
                            clip.Label,
                            clip.Speaker,
                            values.Select(value => (value * (1 + at)) + (5 * at)).ToArray()
                        );
                    }
                )
        );
    }

    // The first 36 of 48 clips are the training set, the next ones the validation set, without the last one.
    private TrainingJob Job(string name, FeatureStore store, TrainingOptions options)
    {
        var clips = Clips(store);
        var frames = new FeatureStoreFrameSource(store);
        return new(
            frames,
            clips[..36],
            clips[36..47],
            ["l0", "l1", "l2"],
            VoiceStore.Encoder,
            options,
            folder.At(name),
            false,
            [],
            "test"
        )
        {
            SpeakerNormalizations = SpeakerStatistics.ComputeAll(frames, [.. store.Clips.Select(clip => clip.Speaker)]),
        };
    }

    private static TrainingClip[] Clips(FeatureStore store) =>
        [.. store.Clips.Select((clip, at) => new TrainingClip(at, clip.Label![1] - '0'))];

    private static (IReadOnlyList<FeatureNormalization?> Own, FeatureNormalization Corpus) Normalisations(
        FeatureStore store
    )
    {
        var frames = new FeatureStoreFrameSource(store);
        return (
            SpeakerStatistics.ComputeAll(frames, [.. store.Clips.Select(clip => clip.Speaker)]),
            NormalizationFit.Compute(frames, Clips(store), "speaker")
        );
    }

    private static Made Maker(
        FeatureStore store,
        TrainingOptions options,
        bool by,
        int clips,
        int padding = 0,
        IFrameSource? frames = null,
        int threads = 2
    )
    {
        var (speakerNormalizations, corpus) = Normalisations(store);
        var workers = new WorkerPool(threads);
        var lengths = store.Clips.Select(clip => Math.Max(padding, new Augmentation(options).MaxFrames(clip.Frames)));
        return new(
            new BatchBuilder(
                frames ?? new FeatureStoreFrameSource(store),
                by ? new(corpus, speakerNormalizations) : new(FeatureNormalization.None, null),
                options,
                workers,
                VoiceStore.Labels,
                padding,
                BatchBuilder.CapacityFor(lengths, clips)
            ),
            workers
        );
    }

    private static float[] Read(FeatureStore store, int clip)
    {
        var values = new float[store.Clips[clip].Frames * Width];
        store.Read(clip, values);
        return values;
    }

    private sealed class InMemory(FeatureStore store) : IFrameSource
    {
        private readonly float[][] clips =
        [
            .. Enumerable.Range(0, store.Clips.Count).Select(clip => SpeakerNormalizationTests.Read(store, clip)),
        ];

        public int Width => VoiceStore.Width;

        public int Frames(int clip) => clips[clip].Length / Width;

        public void Read(int clip, Span<float> to) => clips[clip].CopyTo(to);

        public string NameOf(int clip) => $"clip {clip}";
    }

    private sealed record Made(BatchBuilder Batches, WorkerPool Workers) : IDisposable
    {
        public void Dispose()
        {
            Batches.Dispose();
            Workers.Dispose();
        }
    }

    private sealed class At(int epoch, int step, CancellationTokenSource stop) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Epoch == epoch && value.Step == step)
                stop.Cancel();
        }
    }
}
