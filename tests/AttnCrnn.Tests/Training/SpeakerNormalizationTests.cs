using AttnCrnn.Features;
using AttnCrnn.Models;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;
using AttnCrnn.Training;
using AttnCrnn.Training.Batches;
using AttnCrnn.Training.Normalization;

namespace AttnCrnn.Tests.Training;

/// <summary>Batches of clips that are normalized by their speakers.</summary>
public sealed class SpeakerNormalizationTests : IDisposable
{
    private const int Width = SpeakerStoreBuilder.Width;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Speakers_who_differ_by_an_offset_and_a_scale_become_equal()
    {
        var first = SpeakerStoreBuilder.Clips(["a"], 8).ToList();
        var second = first.Select(clip =>
            (
                clip.Label,
                (string?)"b",
                clip.Values.Select((value, at) => (value * (0.5f + (at % Width))) - 40 + (9 * (at % Width))).ToArray()
            )
        );
        using var store = SpeakerStoreBuilder.Create(folder.At("two"), first.Concat(second));
        using var made = CreateBuilder(store, new TrainingOptions { Augmentation = false }, by: true, clips: 16);
        var batch = made.Batches.BuildEvaluationBatch(Clips(store)).Rows.Span.ToArray();
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
        var clips = SpeakerStoreBuilder.Clips(["a", "b", null, "c"], 6).ToList();
        using var store = SpeakerStoreBuilder.Create(folder.At("raw"), clips);
        var (speakerNormalizations, corpus) = Normalizations(store);
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
        using var normalized = SpeakerStoreBuilder.Create(folder.At("before"), before);
        var options = new TrainingOptions
        {
            MixUp = mixup,
            TimeMasks = 1,
            FrequencyMasks = 1,
            Tempo = 0.1,
        };
        using var expected = CreateBuilder(normalized, options, by: false, clips: 24, padding);
        using var actual = CreateBuilder(store, options, by: true, clips: 24, padding);
        for (var step = 0u; step < 3; step++)
            Assert.Equal(
                expected
                    .Batches.BuildTrainingBatch(Clips(store), new RandomStream(3).AtStep(0, step))
                    .Rows.Span.ToArray(),
                actual.Batches.BuildTrainingBatch(Clips(store), new RandomStream(3).AtStep(0, step)).Rows.Span.ToArray()
            );
        Assert.Equal(
            expected.Batches.BuildEvaluationBatch(Clips(store)).Rows.Span.ToArray(),
            actual.Batches.BuildEvaluationBatch(Clips(store)).Rows.Span.ToArray()
        );
    }

    [Fact]
    public void Making_a_batch_allocates_nothing()
    {
        using var store = SpeakerStoreBuilder.Create(folder.At("lean"), SpeakerStoreBuilder.Clips(["a", "b", null], 6));
        // One thread, this one: allocations of other tests do not count, nor do those of reading a store.
        using var made = CreateBuilder(
            store,
            new TrainingOptions { MixUp = 1 },
            by: true,
            clips: 18,
            frames: new InMemory(store),
            threads: 1
        );
        var clips = Clips(store);
        for (var step = 0u; step < 40; step++)
            made.Batches.BuildTrainingBatch(clips, new RandomStream(1).AtStep(0, step));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0u; step < 5; step++)
            made.Batches.BuildTrainingBatch(clips, new RandomStream(1).AtStep(1, step));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static TrainingClip[] Clips(FeatureStore store) =>
        [.. store.Clips.Select((clip, at) => new TrainingClip(at, clip.Label![1] - '0'))];

    private static (IReadOnlyList<FeatureNormalization?> Own, FeatureNormalization Corpus) Normalizations(
        FeatureStore store
    )
    {
        var frames = new FeatureStoreFrameSource(store);
        return (
            SpeakerStatistics.ComputeAll(frames, [.. store.Clips.Select(clip => clip.Speaker)]),
            NormalizationFit.Compute(frames, Clips(store), "speaker")
        );
    }

    private static Made CreateBuilder(
        FeatureStore store,
        TrainingOptions options,
        bool by,
        int clips,
        int padding = 0,
        IFrameSource? frames = null,
        int threads = 2
    )
    {
        var (speakerNormalizations, corpus) = Normalizations(store);
        var workers = new WorkerPool(threads);
        var lengths = store.Clips.Select(clip =>
            Math.Max(padding, new Augmentation(options).GetMaxFrameCount(clip.Frames))
        );
        return new(
            new BatchBuilder(
                frames ?? new FeatureStoreFrameSource(store),
                by ? new(corpus, speakerNormalizations) : new(FeatureNormalization.None, null),
                options,
                workers,
                SpeakerStoreBuilder.Labels,
                padding,
                BatchBuilder.ComputeCapacity(lengths, clips)
            ),
            workers
        );
    }

    private sealed class InMemory(FeatureStore store) : IFrameSource
    {
        private readonly float[][] clips =
        [
            .. Enumerable.Range(0, store.Clips.Count).Select(clip => FeatureStoreBuilder.ReadFrames(store, clip)),
        ];

        public int Width => SpeakerStoreBuilder.Width;

        public int CountFrames(int clip) => clips[clip].Length / Width;

        public void Read(int clip, Span<float> to) => clips[clip].CopyTo(to);

        public string GetName(int clip) => $"clip {clip}";
    }

    private sealed record Made(BatchBuilder Batches, WorkerPool Workers) : IDisposable
    {
        public void Dispose()
        {
            Batches.Dispose();
            Workers.Dispose();
        }
    }
}
