using AttnCrnn.Models;
using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;
using AttnCrnn.Training.Normalization;

namespace AttnCrnn.Training.Batches;

/// <summary>
/// Clips to batches: normalised, augmented, mixed (Zhang et al. 2018, as the design has it: λ = max(Beta, 1 - Beta), the length is that of
/// the clip with the larger share), with noise. A batch is a function of its clips and its draw, whatever the threads.
/// </summary>
internal sealed class BatchBuilder : IDisposable
{
    private readonly IFrameSource source;
    private readonly ClipNormalization normalization;
    private readonly TrainingOptions options;
    private readonly Augmentation augmentation;
    private readonly WorkerPool workers;
    private readonly int padding,
        classes;
    private readonly AlignedBuffer rows,
        targets;
    private readonly int[] offsets,
        partnerOf;
    private readonly int[] walk,
        begins; // slots chain by chain, and where in it each chain begins
    private readonly bool[] walked;
    private readonly float[] weights;
    private readonly Action<int> fillChain,
        plain;

    private ReadOnlyMemory<TrainingClip> clips;
    private RandomStream draw;

    /// <param name="padding">Frames that every clip is padded to; 0: none.</param>
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
        rows = new AlignedBuffer(checked(largest.Rows * source.Width));
        targets = new AlignedBuffer(largest.Clips * classes);
        offsets = new int[largest.Clips + 1];
        partnerOf = new int[largest.Clips];
        (walk, begins, walked) = (new int[largest.Clips], new int[largest.Clips + 1], new bool[largest.Clips]);
        weights = new float[largest.Clips];
        (fillChain, plain) = (FillChain, Plain);
    }

    /// <summary>[clips, classes], the targets of the last training batch.</summary>
    public MatrixView Targets => targets.Rows(0, clips.Length, classes);

    /// <summary>What memory batches of these clips need.</summary>
    public static BatchCapacity CapacityFor(IEnumerable<int> frames, int clips)
    {
        int[] longest = [.. frames.OrderDescending().Take(clips)];
        return new(longest.Sum(), Math.Max(1, longest.Length), longest.DefaultIfEmpty(4).Max());
    }

    /// <summary>A batch to learn from.</summary>
    public PackedBatch Train(ReadOnlyMemory<TrainingClip> clips, RandomStream random)
    {
        (this.clips, this.draw) = (clips, random);
        for (var slot = 0; slot < clips.Length; slot++)
            offsets[slot + 1] =
                offsets[slot]
                + Math.Max(padding, augmentation.Frames(source.Frames(clips.Span[slot].Source), random, (uint)slot));
        Pair();
        workers.Run(Chains(), fillChain);
        return new(rows.Rows(0, offsets[clips.Length], source.Width), offsets, clips.Length);
    }

    /// <summary>A batch to judge: normalised, and nothing else.</summary>
    public PackedBatch Evaluate(ReadOnlyMemory<TrainingClip> clips)
    {
        this.clips = clips;
        for (var slot = 0; slot < clips.Length; slot++)
            offsets[slot + 1] = offsets[slot] + Math.Max(padding, source.Frames(clips.Span[slot].Source));
        workers.Run(clips.Length, plain);
        return new(rows.Rows(0, offsets[clips.Length], source.Width), offsets, clips.Length);
    }

    public void Dispose()
    {
        foreach (var buffer in (AlignedBuffer[])[rows, targets])
            buffer.Dispose();
    }

    private void Pair()
    {
        var mixing = options is { Augmentation: true, MixUp: > 0 };
        for (var slot = 0; slot < clips.Length; slot++)
            partnerOf[slot] = slot;
        if (mixing)
            draw.ForStream(RandomStreamId.MixUpPartner).Shuffle(partnerOf.AsSpan(0, clips.Length));
        var to = Targets;
        to.Clear();
        for (var slot = 0; slot < clips.Length; slot++)
        {
            var beta = mixing
                ? draw.ForStream(RandomStreamId.MixUp).Beta(options.MixUp, options.MixUp, (ulong)slot)
                : 1;
            weights[slot] = partnerOf[slot] == slot ? 1 : (float)Math.Max(beta, 1 - beta);
            to[slot][clips.Span[slot].Label] += weights[slot];
            to[slot][clips.Span[partnerOf[slot]].Label] += 1 - weights[slot];
        }
    }

    // A clip is wanted twice: in its own slot, and by the one whose partner it is. So a task takes slots of which each is the partner of the one before,
    // and reads a clip twice only where one chain ends and another begins. How long chains are changes no bit.
    private int Chains()
    {
        var longest = Math.Clamp(clips.Length / (4 * workers.Threads), 1, 8); // some for each thread
        Array.Clear(walked);
        var (chains, count) = (0, 0);
        for (var first = 0; first < clips.Length; first++)
        for (var (slot, links) = (first, 0); !walked[slot]; slot = partnerOf[slot], links++)
        {
            if (links % longest == 0)
                begins[chains++] = count;
            walked[slot] = true;
            walk[count++] = slot;
        }
        begins[chains] = count;
        return chains;
    }

    private Span<float> Slot(int slot) =>
        rows.Rows(offsets[slot] * source.Width, 1, (offsets[slot + 1] - offsets[slot]) * source.Width)[0];

    private void FillChain(int chain)
    {
        Augmented(walk[begins[chain]], Slot(walk[begins[chain]]));
        for (var at = begins[chain]; at < begins[chain + 1]; at++)
        {
            var (slot, isLast) = (walk[at], at + 1 == begins[chain + 1]);
            var partner = partnerOf[slot];
            var own = Slot(slot);
            if (!isLast || weights[slot] < 1)
            {
                // The partner as it stands in its own slot, cut or followed by zeros; it is mixed itself only after this.
                var other = isLast ? ThreadScratch.ForThisThread.Work(1, Slot(partner).Length)[0] : Slot(partner);
                Augmented(partner, other);
                if (weights[slot] < 1)
                    VectorMath.Mix(own, weights[slot], other);
            }
            if (options is { Augmentation: true, Noise: > 0 and var noise })
                draw.ForStream(RandomStreamId.Noise, (uint)slot).AddNormal((float)noise, own);
        }
    }

    // A slot's clip before it is mixed: normalised, augmented, followed by zeros where it is padded.
    private void Augmented(int slot, Span<float> to)
    {
        var clip = clips.Span[slot].Source;
        var (had, has) = (source.Frames(clip), augmentation.Frames(source.Frames(clip), draw, (uint)slot));
        var frames = to[..(has * source.Width)];
        var raw = had == has ? frames : ThreadScratch.ForThisThread.Row(had * source.Width)[0];
        source.Read(clip, raw);
        normalization.Apply(clip, raw);
        if (had != has)
            Augmentation.Stretch(raw, frames, source.Width);
        augmentation.Apply(frames, source.Width, draw, (uint)slot);
        to[frames.Length..].Clear();
    }

    private void Plain(int slot)
    {
        var own = Slot(slot);
        var clip = clips.Span[slot];
        var count = source.Frames(clip.Source) * source.Width;
        source.Read(clip.Source, own[..count]);
        normalization.Apply(clip.Source, own[..count]);
        own[count..].Clear();
    }
}
