using AttnCrnn.Models;
using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;
using AttnCrnn.Training.Normalization;

namespace AttnCrnn.Training.Batches;

/// <summary>
/// Builds batches of clips: normalization, augmentation, MixUp (<see cref="MixUpSchedule"/>; a mixed clip has the
/// length of the clip with weight λ) and noise. A batch depends on its clips and its random stream alone, not on the
/// number of threads.
/// </summary>
internal sealed class BatchBuilder : IDisposable
{
    private readonly Disposables owned = new();
    private readonly IFrameSource source;
    private readonly ClipNormalization normalization;
    private readonly TrainingOptions options;
    private readonly Augmentation augmentation;
    private readonly WorkerPool workers;
    private readonly int padding;
    private readonly int classes;
    private readonly AlignedBuffer rows;
    private readonly AlignedBuffer targets;
    private readonly int[] offsets;
    private readonly MixUpSchedule mixUp;
    private readonly Action<int> fillChain;
    private readonly Action<int> fillPlain;

    private ReadOnlyMemory<TrainingClip> clips;
    private RandomStream stepRandom;

    /// <param name="padding">Frames that every clip is padded to; 0 for no padding.</param>
    public BatchBuilder(
        IFrameSource source,
        ClipNormalization normalization,
        TrainingOptions options,
        WorkerPool workers,
        int classes,
        int padding,
        BatchCapacity largest
    )
    {
        this.source = source;
        this.normalization = normalization;
        this.options = options;
        this.workers = workers;
        this.classes = classes;
        this.padding = padding;
        augmentation = new Augmentation(options);
        rows = owned.Add(new AlignedBuffer(checked(largest.Rows * source.Width)));
        targets = owned.Add(new AlignedBuffer(largest.Clips * classes));
        offsets = new int[largest.Clips + 1];
        mixUp = new MixUpSchedule(largest.Clips);
        fillChain = FillChain;
        fillPlain = FillPlain;
    }

    /// <summary>[clips, classes], the targets of the last training batch.</summary>
    public MatrixView Targets => targets.Rows(0, clips.Length, classes);

    /// <summary>Capacity that any batch of these clips fits in.</summary>
    public static BatchCapacity CapacityFor(IEnumerable<int> frames, int clips)
    {
        int[] longest = [.. frames.OrderDescending().Take(clips)];
        return new(longest.Sum(), Math.Max(1, longest.Length), longest.DefaultIfEmpty(NetworkOptions.MinFrames).Max());
    }

    /// <summary>Builds a training batch.</summary>
    public PackedBatch Train(ReadOnlyMemory<TrainingClip> clips, RandomStream random)
    {
        this.clips = clips;
        stepRandom = random;
        for (var slot = 0; slot < clips.Length; slot++)
            offsets[slot + 1] =
                offsets[slot]
                + Math.Max(padding, augmentation.Frames(source.Frames(clips.Span[slot].Source), random, (uint)slot));
        var alpha = options.Augmentation ? options.MixUp : 0;
        var maxChainLength = Math.Clamp(clips.Length / (4 * workers.Threads), 1, 8); // about four chains per thread
        mixUp.Assign(clips.Length, alpha, random, maxChainLength);
        SetTargets();
        workers.Run(mixUp.Chains, fillChain);
        return new(rows.Rows(0, offsets[clips.Length], source.Width), offsets, clips.Length);
    }

    /// <summary>Builds an evaluation batch: normalized, not augmented.</summary>
    public PackedBatch Evaluate(ReadOnlyMemory<TrainingClip> clips)
    {
        this.clips = clips;
        for (var slot = 0; slot < clips.Length; slot++)
            offsets[slot + 1] = offsets[slot] + Math.Max(padding, source.Frames(clips.Span[slot].Source));
        workers.Run(clips.Length, fillPlain);
        return new(rows.Rows(0, offsets[clips.Length], source.Width), offsets, clips.Length);
    }

    public void Dispose() => owned.Dispose();

    private void SetTargets()
    {
        var to = Targets;
        to.Clear();
        for (var slot = 0; slot < clips.Length; slot++)
        {
            var weight = mixUp.Weight(slot);
            to[slot][clips.Span[slot].Label] += weight;
            to[slot][clips.Span[mixUp.Partner(slot)].Label] += 1 - weight;
        }
    }

    private Span<float> Slot(int slot) =>
        rows.Rows(offsets[slot] * source.Width, 1, (offsets[slot + 1] - offsets[slot]) * source.Width)[0];

    private void FillChain(int index)
    {
        var chain = mixUp.Chain(index);
        FillAugmented(chain[0], Slot(chain[0]));
        for (var at = 0; at < chain.Length; at++)
        {
            var slot = chain[at];
            var frames = Slot(slot);
            var weight = mixUp.Weight(slot);
            var isLast = at + 1 == chain.Length;
            if (!isLast || weight < 1)
            {
                // The partner's frames before its own mixing, cut or zero-padded.
                var partner = mixUp.Partner(slot);
                var other = isLast ? ThreadScratch.ForThisThread.GetMatrix(1, Slot(partner).Length)[0] : Slot(partner);
                FillAugmented(partner, other);
                if (weight < 1)
                    VectorMath.Mix(frames, weight, other);
            }
            if (options is { Augmentation: true, Noise: > 0 and var noise })
                stepRandom.ForStream(RandomStreamId.Noise, (uint)slot).AddNormal((float)noise, frames);
        }
    }

    // Fills a slot before mixing: normalized, augmented, zero-padded.
    private void FillAugmented(int slot, Span<float> to)
    {
        var clip = clips.Span[slot].Source;
        var rawFrames = source.Frames(clip);
        var outFrames = augmentation.Frames(rawFrames, stepRandom, (uint)slot);
        var frames = to[..(outFrames * source.Width)];
        var raw =
            rawFrames == outFrames ? frames : ThreadScratch.ForThisThread.GetUnreadRow(rawFrames * source.Width)[0];
        source.Read(clip, raw);
        normalization.Apply(clip, raw);
        if (rawFrames != outFrames)
            Augmentation.Stretch(raw, frames, source.Width);
        augmentation.Apply(frames, source.Width, stepRandom, (uint)slot);
        to[frames.Length..].Clear();
    }

    private void FillPlain(int slot)
    {
        var frames = Slot(slot);
        var clip = clips.Span[slot];
        var count = source.Frames(clip.Source) * source.Width;
        source.Read(clip.Source, frames[..count]);
        normalization.Apply(clip.Source, frames[..count]);
        frames[count..].Clear();
    }
}
