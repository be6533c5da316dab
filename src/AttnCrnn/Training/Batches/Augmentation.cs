using AttnCrnn.Models;
using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Training.Batches;

/// <summary>
/// Augments a clip's normalized frames in training: tempo, band shift, gain, then SpecAugment masks. Each is a function
/// of its random stream alone.
/// </summary>
internal sealed class Augmentation(TrainingOptions options)
{
    private readonly double tempo = options.Augmentation ? options.Tempo ?? 0 : 0;
    private readonly int bandShift = options.Augmentation ? options.BandShift ?? 0 : 0;
    private readonly double gain = options.Augmentation ? options.Gain ?? 0 : 0;
    private readonly int timeMasks = options.Augmentation ? options.TimeMasks ?? 0 : 0;
    private readonly int frequencyMasks = options.Augmentation ? options.FrequencyMasks ?? 0 : 0;

    /// <summary>Maximum number of frames after tempo augmentation.</summary>
    public int GetMaxFrameCount(int frames) => tempo == 0 ? frames : (int)Math.Ceiling(frames / (1 - tempo));

    /// <summary>Number of frames after tempo augmentation.</summary>
    /// <param name="random">Random stream of the training step.</param>
    public int GetFrameCount(int frames, RandomStream random, uint slot)
    {
        if (tempo == 0)
            return frames;
        var rate = 1 + (tempo * ((2 * random.ForStream(RandomStreamId.Tempo, slot).SampleUniformDouble(0)) - 1));
        return Math.Clamp((int)Math.Round(frames / rate), NetworkOptions.MinFrames, GetMaxFrameCount(frames));
    }

    /// <summary>Shifts the bands, adds the gain offset, then masks with 0, the mean of normalized features.</summary>
    /// <param name="destination">[<see cref="GetFrameCount"/>, width].</param>
    public void Apply(Span<float> destination, int width, RandomStream random, uint slot)
    {
        var frames = destination.Length / width;
        if (bandShift > 0)
            ShiftBands(
                destination,
                width,
                (int)random.ForStream(RandomStreamId.BandShift, slot).SampleBelow((2 * (uint)bandShift) + 1, 0)
                    - bandShift
            );
        if (gain > 0)
            VectorMath.AddScalar(
                destination,
                (float)(gain * ((2 * random.ForStream(RandomStreamId.Gain, slot).SampleUniformDouble(0)) - 1)),
                destination
            );
        for (uint mask = 0; mask < timeMasks; mask++)
        {
            var (first, length) = ChooseMask(
                random.ForStream(RandomStreamId.TimeMask, slot),
                mask,
                frames,
                (int)(options.TimeMaskShare * frames)
            );
            destination.Slice(first * width, length * width).Clear();
        }
        for (uint mask = 0; mask < frequencyMasks; mask++)
        {
            var (first, length) = ChooseMask(
                random.ForStream(RandomStreamId.FrequencyMask, slot),
                mask,
                width,
                Math.Min(options.FrequencyMaskBands, width)
            );
            for (var t = 0; t < frames; t++)
                destination.Slice((t * width) + first, length).Clear();
        }
    }

    // Shifts along the bands, as vocal tract length and pitch would; the outermost band fills the gap.
    private static void ShiftBands(Span<float> destination, int width, int bands)
    {
        bands = Math.Clamp(bands, 1 - width, width - 1);
        for (var offset = 0; bands != 0 && offset < destination.Length; offset += width)
        {
            var frame = destination.Slice(offset, width);
            var edge = bands > 0 ? frame[0] : frame[^1];
            if (bands > 0)
                frame[..^bands].CopyTo(frame[bands..]);
            else
                frame[-bands..].CopyTo(frame);
            (bands > 0 ? frame[..bands] : frame[^-bands..]).Fill(edge);
        }
    }

    // Uniform length from 0 to maxLength, then a uniform position.
    private static (int First, int Length) ChooseMask(RandomStream random, uint mask, int size, int maxLength)
    {
        var length = (int)random.SampleBelow((uint)maxLength + 1, 2 * mask);
        return ((int)random.SampleBelow((uint)(size - length) + 1, (2 * mask) + 1), length);
    }

    /// <summary>Resamples along time by linear interpolation.</summary>
    /// <param name="source">[frames, width].</param>
    /// <param name="destination">[<see cref="GetFrameCount"/>, width].</param>
    public static void ResampleTime(ReadOnlySpan<float> source, Span<float> destination, int width)
    {
        var sourceFrames = source.Length / width;
        var destinationFrames = destination.Length / width;
        for (var t = 0; t < destinationFrames; t++)
        {
            var position = destinationFrames == 1 ? 0 : (double)t * (sourceFrames - 1) / (destinationFrames - 1);
            var lowerIndex = Math.Min((int)position, sourceFrames - 2);
            var fraction = (float)(position - lowerIndex);
            var target = destination.Slice(t * width, width);
            VectorMath.Scale(source.Slice(lowerIndex * width, width), 1 - fraction, target);
            VectorMath.Axpy(fraction, source.Slice((lowerIndex + 1) * width, width), target);
        }
    }
}
