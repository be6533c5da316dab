using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Training.Batches;

/// <summary>What is done to a clip's normalised frames in training: tempo, a shift along the bands, gain, then masks (SpecAugment), each a function of its draw alone.</summary>
internal sealed class Augmentation(TrainingOptions options)
{
    private const int MinFrames = 4;

    private readonly double tempo = options.Augmentation ? options.Tempo ?? 0 : 0;
    private readonly int bandShift = options.Augmentation ? options.BandShift ?? 0 : 0;
    private readonly double gain = options.Augmentation ? options.Gain ?? 0 : 0;
    private readonly int timeMasks = options.Augmentation ? options.TimeMasks ?? 0 : 0;
    private readonly int frequencyMasks = options.Augmentation ? options.FrequencyMasks ?? 0 : 0;

    /// <summary>The most frames that a clip may become.</summary>
    public int MaxFrames(int frames) => tempo == 0 ? frames : (int)Math.Ceiling(frames / (1 - tempo));

    /// <summary>The frames that a clip becomes.</summary>
    /// <param name="random">Of the clip's slot in its step.</param>
    public int Frames(int frames, RandomStream random, uint slot)
    {
        if (tempo == 0)
            return frames;
        var faster = 1 + (tempo * ((2 * random.ForStream(RandomStreamId.Tempo, slot).UniformDouble(0)) - 1));
        return Math.Clamp((int)Math.Round(frames / faster), MinFrames, MaxFrames(frames));
    }

    /// <summary>Shifts, makes louder or softer, then masks with 0, the mean of normalised features.</summary>
    /// <param name="to">[<see cref="Frames"/>, width].</param>
    public void Apply(Span<float> to, int width, RandomStream random, uint slot)
    {
        var frames = to.Length / width;
        if (bandShift > 0)
            Shift(
                to,
                width,
                (int)random.ForStream(RandomStreamId.BandShift, slot).Below((2 * (uint)bandShift) + 1, 0) - bandShift
            );
        if (gain > 0)
            VectorMath.AddScalar(
                to,
                (float)(gain * ((2 * random.ForStream(RandomStreamId.Gain, slot).UniformDouble(0)) - 1)),
                to
            );
        for (uint mask = 0; mask < timeMasks; mask++)
        {
            var (first, length) = Mask(
                random.ForStream(RandomStreamId.TimeMask, slot),
                mask,
                frames,
                (int)(options.TimeMaskShare * frames)
            );
            to.Slice(first * width, length * width).Clear();
        }
        for (uint mask = 0; mask < frequencyMasks; mask++)
        {
            var (first, length) = Mask(
                random.ForStream(RandomStreamId.FrequencyMask, slot),
                mask,
                width,
                Math.Min(options.FrequencyMaskBands, width)
            );
            for (var t = 0; t < frames; t++)
                to.Slice((t * width) + first, length).Clear();
        }
    }

    // Up or down the bands, as a shorter or longer vocal tract and a higher or lower voice would; the outermost band fills what is left.
    private static void Shift(Span<float> to, int width, int by)
    {
        by = Math.Clamp(by, 1 - width, width - 1);
        for (var at = 0; by != 0 && at < to.Length; at += width)
        {
            var frame = to.Slice(at, width);
            var edge = by > 0 ? frame[0] : frame[^1];
            if (by > 0)
                frame[..^by].CopyTo(frame[by..]);
            else
                frame[-by..].CopyTo(frame);
            (by > 0 ? frame[..by] : frame[^-by..]).Fill(edge);
        }
    }

    // A length from 0 to the longest, then a place for it, both evenly.
    private static (int First, int Length) Mask(RandomStream random, uint mask, int size, int longest)
    {
        var length = (int)random.Below((uint)longest + 1, 2 * mask);
        return ((int)random.Below((uint)(size - length) + 1, (2 * mask) + 1), length);
    }

    /// <summary>Other lengths along time by linear interpolation.</summary>
    /// <param name="from">[frames, width].</param>
    /// <param name="to">[<see cref="Frames"/>, width].</param>
    public static void Stretch(ReadOnlySpan<float> from, Span<float> to, int width)
    {
        var (had, has) = (from.Length / width, to.Length / width);
        for (var t = 0; t < has; t++)
        {
            var place = has == 1 ? 0 : (double)t * (had - 1) / (has - 1);
            var before = Math.Min((int)place, had - 2);
            var probability = (float)(place - before);
            var target = to.Slice(t * width, width);
            VectorMath.Scale(from.Slice(before * width, width), 1 - probability, target);
            VectorMath.Axpy(probability, from.Slice((before + 1) * width, width), target);
        }
    }
}
