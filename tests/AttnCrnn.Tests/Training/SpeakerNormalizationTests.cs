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
                clip.Values.Select((value, index) => (value * (0.5f + (index % Width))) - 40 + (9 * (index % Width)))
                    .ToArray()
            )
        );
        using var store = SpeakerStoreBuilder.Create(folder.PathOf("two"), first.Concat(second));
        using var training = CreateBuilder(
            store,
            new TrainingOptions { Augmentation = false },
            normalized: true,
            clips: 16
        );
        var batch = training.Batches.BuildEvaluationBatch(Clips(store)).Rows.Span.ToArray();
        var (firstHalf, secondHalf) = (batch[..(batch.Length / 2)], batch[(batch.Length / 2)..]);
        for (var index = 0; index < firstHalf.Length; index++)
            Assert.Equal(firstHalf[index], secondHalf[index], 2e-4f);
        Assert.Equal(0, firstHalf.Average(), 1e-4);
    }

    [Theory]
    [InlineData(0.0, 0)]
    [InlineData(1.0, 0)] // both clips are normalized by their speakers, then mixed
    [InlineData(1.0, 60)]
    public void A_batch_is_bit_identical_to_a_batch_of_normalized_clips(double mixup, int padding)
    {
        var clips = SpeakerStoreBuilder.Clips(["a", "b", null, "c"], 6).ToList();
        using var store = SpeakerStoreBuilder.Create(folder.PathOf("raw"), clips);
        var (speakerNormalizations, corpus) = Normalizations(store);
        var normalizedClips = clips
            .Select(
                (clip, index) =>
                {
                    var values = (float[])clip.Values.Clone();
                    (speakerNormalizations[index] ?? corpus).Apply(values);
                    return (clip.Label, clip.Speaker, values);
                }
            )
            .ToList();
        using var normalized = SpeakerStoreBuilder.Create(folder.PathOf("before"), normalizedClips);
        var options = new TrainingOptions
        {
            MixUp = mixup,
            TimeMasks = 1,
            FrequencyMasks = 1,
            Tempo = 0.1,
        };
        using var expected = CreateBuilder(normalized, options, normalized: false, clips: 24, padding);
        using var actual = CreateBuilder(store, options, normalized: true, clips: 24, padding);
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
    public void Building_a_batch_allocates_nothing()
    {
        using var store = SpeakerStoreBuilder.Create(
            folder.PathOf("lean"),
            SpeakerStoreBuilder.Clips(["a", "b", null], 6)
        );
        // On this thread alone: allocations of other tests and of reading a store do not count.
        using var training = CreateBuilder(
            store,
            new TrainingOptions { MixUp = 1 },
            normalized: true,
            clips: 18,
            frames: new InMemoryFrameSource(store),
            threads: 1
        );
        var clips = Clips(store);
        for (var step = 0u; step < 40; step++)
            training.Batches.BuildTrainingBatch(clips, new RandomStream(1).AtStep(0, step));
        var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0u; step < 5; step++)
            training.Batches.BuildTrainingBatch(clips, new RandomStream(1).AtStep(1, step));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - allocatedBefore);
    }

    private static TrainingClip[] Clips(FeatureStore store) =>
        [.. store.Clips.Select((clip, index) => new TrainingClip(index, clip.Label![1] - '0'))];

    private static (IReadOnlyList<FeatureNormalization?> Statistics, FeatureNormalization Corpus) Normalizations(
        FeatureStore store
    )
    {
        var frames = new FeatureStoreFrameSource(store);
        return (
            SpeakerNormalizations.Compute(frames, [.. store.Clips.Select(clip => clip.Speaker)]),
            NormalizationFit.Compute(frames, Clips(store), NormalizationMode.Speaker)
        );
    }

    private static TrainingData CreateBuilder(
        FeatureStore store,
        TrainingOptions options,
        bool normalized,
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
                normalized ? new(corpus, speakerNormalizations) : new(FeatureNormalization.None, null),
                options,
                workers,
                SpeakerStoreBuilder.Labels,
                padding,
                BatchBuilder.ComputeCapacity(lengths, clips)
            ),
            workers
        );
    }

    private sealed class InMemoryFrameSource(FeatureStore store) : IFrameSource
    {
        private readonly float[][] clips =
        [
            .. Enumerable.Range(0, store.Clips.Count).Select(clip => FeatureStoreBuilder.ReadFrames(store, clip)),
        ];

        public int Width => SpeakerStoreBuilder.Width;

        public int CountFrames(int clip) => clips[clip].Length / Width;

        public void Read(int clip, Span<float> destination) => clips[clip].CopyTo(destination);

        public string GetName(int clip) => $"clip {clip}";
    }

    private sealed record TrainingData(BatchBuilder Batches, WorkerPool Workers) : IDisposable
    {
        public void Dispose()
        {
            Batches.Dispose();
            Workers.Dispose();
        }
    }
}
