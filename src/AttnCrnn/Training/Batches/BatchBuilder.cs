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
    private readonly Disposables disposables = new();
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
    private readonly Action<int> fillUnaugmented;

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
        BatchCapacity capacity
    )
    {
        this.source = source;
        this.normalization = normalization;
        this.options = options;
        this.workers = workers;
        this.classes = classes;
        this.padding = padding;
        augmentation = new Augmentation(options);
        rows = disposables.Add(new AlignedBuffer(checked(capacity.Rows * source.Width)));
        targets = disposables.Add(new AlignedBuffer(capacity.Clips * classes));
        offsets = new int[capacity.Clips + 1];
        mixUp = new MixUpSchedule(capacity.Clips);
        fillChain = FillChain;
        fillUnaugmented = FillUnaugmented;
    }

    /// <summary>[clips of the source], each [classes]; null for a clip, or all, whose label is the target.</summary>
    public IReadOnlyList<float[]?>? SoftTargets { get; init; }

    /// <summary>[clips, classes], the targets of the last training batch.</summary>
    public MatrixView Targets => targets.Rows(0, clips.Length, classes);

    /// <summary>Capacity that any batch of these clips fits in.</summary>
    public static BatchCapacity ComputeCapacity(IEnumerable<int> frames, int clips)
    {
        int[] longest = [.. frames.OrderDescending().Take(clips)];
        return new(longest.Sum(), Math.Max(1, longest.Length), longest.DefaultIfEmpty(NetworkOptions.MinFrames).Max());
    }

    /// <summary>Builds a training batch.</summary>
    public PackedBatch BuildTrainingBatch(ReadOnlyMemory<TrainingClip> clips, RandomStream random)
    {
        this.clips = clips;
        stepRandom = random;
        for (var slot = 0; slot < clips.Length; slot++)
            offsets[slot + 1] =
                offsets[slot]
                + Math.Max(
                    padding,
                    augmentation.GetFrameCount(source.CountFrames(clips.Span[slot].Source), random, (uint)slot)
                );
        var alpha = options.Augmentation ? options.MixUp : 0;
        var maxChainLength = Math.Clamp(clips.Length / (4 * workers.Threads), 1, 8); // about four chains per thread
        mixUp.Assign(clips.Length, alpha, random, maxChainLength);
        SetTargets();
        workers.Run(mixUp.ChainCount, fillChain);
        return new(rows.Rows(0, offsets[clips.Length], source.Width), offsets, clips.Length);
    }

    /// <summary>Builds an evaluation batch: normalized, not augmented.</summary>
    public PackedBatch BuildEvaluationBatch(ReadOnlyMemory<TrainingClip> clips)
    {
        this.clips = clips;
        for (var slot = 0; slot < clips.Length; slot++)
            offsets[slot + 1] = offsets[slot] + Math.Max(padding, source.CountFrames(clips.Span[slot].Source));
        workers.Run(clips.Length, fillUnaugmented);
        return new(rows.Rows(0, offsets[clips.Length], source.Width), offsets, clips.Length);
    }

    public void Dispose() => disposables.Dispose();

    private void SetTargets()
    {
        var destination = Targets;
        destination.Clear();
        for (var slot = 0; slot < clips.Length; slot++)
        {
            var weight = mixUp.GetWeight(slot);
            AddTarget(clips.Span[slot], weight, destination[slot]);
            AddTarget(clips.Span[mixUp.GetPartner(slot)], 1 - weight, destination[slot]);
        }
    }

    private void AddTarget(TrainingClip clip, float weight, Span<float> destination)
    {
        if (SoftTargets?[clip.Source] is { } target)
            VectorMath.Axpy(weight, target, destination);
        else
            destination[clip.Label] += weight;
    }

    private Span<float> GetFrames(int slot) =>
        rows.Rows(offsets[slot] * source.Width, 1, (offsets[slot + 1] - offsets[slot]) * source.Width)[0];

    private void FillChain(int index)
    {
        var chain = mixUp.GetChain(index);
        FillAugmented(chain[0], GetFrames(chain[0]));
        for (var position = 0; position < chain.Length; position++)
        {
            var slot = chain[position];
            var frames = GetFrames(slot);
            var weight = mixUp.GetWeight(slot);
            var isLast = position + 1 == chain.Length;
            if (!isLast || weight < 1)
            {
                // The partner's frames before they are mixed themselves, truncated or zero-padded.
                var partner = mixUp.GetPartner(slot);
                var partnerFrames = isLast
                    ? ThreadScratch.ForThisThread.GetMatrix(1, GetFrames(partner).Length)[0]
                    : GetFrames(partner);
                FillAugmented(partner, partnerFrames);
                if (weight < 1)
                    VectorMath.Mix(frames, weight, partnerFrames);
            }
            if (options is { Augmentation: true, Noise: > 0 and var noise })
                stepRandom.ForStream(RandomStreamId.Noise, (uint)slot).AddNormal((float)noise, frames);
        }
    }

    // Fills a slot before mixing: normalized, augmented, zero-padded.
    private void FillAugmented(int slot, Span<float> destination)
    {
        var clip = clips.Span[slot].Source;
        var rawFrameCount = source.CountFrames(clip);
        var frameCount = augmentation.GetFrameCount(rawFrameCount, stepRandom, (uint)slot);
        var frames = destination[..(frameCount * source.Width)];
        var raw =
            rawFrameCount == frameCount
                ? frames
                : ThreadScratch.ForThisThread.GetUnreadRow(rawFrameCount * source.Width)[0];
        source.Read(clip, raw);
        normalization.Apply(clip, raw);
        if (rawFrameCount != frameCount)
            Augmentation.ResampleTime(raw, frames, source.Width);
        augmentation.Apply(frames, source.Width, stepRandom, (uint)slot);
        destination[frames.Length..].Clear();
    }

    private void FillUnaugmented(int slot)
    {
        var frames = GetFrames(slot);
        var clip = clips.Span[slot];
        var count = source.CountFrames(clip.Source) * source.Width;
        source.Read(clip.Source, frames[..count]);
        normalization.Apply(clip.Source, frames[..count]);
        frames[count..].Clear();
    }
}
