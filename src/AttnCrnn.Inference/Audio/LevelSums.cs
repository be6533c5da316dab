using System.Globalization;
using AttnCrnn.Formats;
using AttnCrnn.Options;

namespace AttnCrnn.Audio;

/// <summary>
/// The level of each channel and of their mean: the root mean square around the mean, since a constant offset of a
/// channel without sound is not a level.
/// </summary>
/// <param name="channels">Number of channels.</param>
internal sealed class LevelSums(int channels)
{
    /// <summary>−60 dB: a channel that differs this much from the loudest has no more than its noise.</summary>
    private const double SilentRatio = 1e-3;

    /// <summary>
    /// −26 dB, which opposite channels keep in a lossy codec; channels with nothing in common lose 3 dB in the mix.
    /// </summary>
    private const double CancelledRatio = 0.05;

    private readonly double[] sums = new double[channels + 1]; // the last one: the mean
    private readonly double[] squares = new double[channels + 1];
    private long samples; // per channel

    /// <param name="interleaved">[samples, channels].</param>
    /// <param name="mean">[samples], the mean of the channels; empty if it is not used.</param>
    public void Add(ReadOnlySpan<float> interleaved, ReadOnlySpan<float> mean)
    {
        samples += interleaved.Length / channels;
        for (var channel = 0; channel < channels; channel++)
            Add(channel, interleaved, channel, channels);
        Add(channels, mean, 0, 1);
    }

    /// <summary>Adds what others have.</summary>
    public void Add(LevelSums other)
    {
        samples += other.samples;
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] += other.sums[i];
            squares[i] += other.squares[i];
        }
    }

    /// <summary>Index of the loudest channel, of equal ones the first.</summary>
    public int FindLoudest()
    {
        var loudest = 0;
        for (var channel = 1; channel < channels; channel++)
            if (ComputeLevel(channel) > ComputeLevel(loudest))
                loudest = channel;
        return loudest;
    }

    /// <summary>What users of the mean must know.</summary>
    public IEnumerable<RecordingWarning> Check()
    {
        var maxLevel = ComputeLevel(FindLoudest());
        if (maxLevel == 0)
            return [];
        int[] silent =
        [
            .. Enumerable
                .Range(0, channels)
                .Where(channel => ComputeLevel(channel) <= SilentRatio * maxLevel)
                .Select(channel => channel + 1),
        ];
        var ratio = ComputeLevel(channels) / maxLevel;
        return ratio <= CancelledRatio && channels - silent.Length > 1
                ? [new(RecordingWarning.Silent, DescribeCancellation(ratio))]
            : silent.Length > 0 ? [new(RecordingWarning.SilentChannel, DescribeSilent(silent))]
            : [];
    }

    private OptionText DescribeCancellation(double ratio) =>
        OptionText.Create(
            $"silent: the {channels} channels cancel each other in their mix, which has {100 * ratio:0.0}% of the "
                + $"level of the loudest one: choose {OptionKeys.Channel} {AudioChannel.Loudest}"
        );

    private OptionText DescribeSilent(int[] silent)
    {
        var numbers = silent.Length == 1 ? $"channel {silent[0]}" : $"channels {string.Join(", ", silent)}";
        var level = 2 * silent.Length == channels ? "halves the level" : FormatReduction(silent.Length);
        return OptionText.Create(
            $"{numbers} of {channels} {(silent.Length == 1 ? "is" : "are")} silent, and the mix {level}: "
                + $"choose {OptionKeys.Channel} {AudioChannel.Loudest}"
        );
    }

    private string FormatReduction(int silentCount) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"reduces the level to {100.0 * (channels - silentCount) / channels:0}%"
        );

    private void Add(int index, ReadOnlySpan<float> values, int first, int step)
    {
        double sum = 0;
        double square = 0;
        for (var i = first; i < values.Length; i += step)
        {
            double sample = values[i];
            sum += sample;
            square += sample * sample;
        }
        sums[index] += sum;
        squares[index] += square;
    }

    private double ComputeLevel(int index)
    {
        if (samples == 0)
            return 0;
        var mean = sums[index] / samples;
        return Math.Sqrt(Math.Max(0, (squares[index] / samples) - (mean * mean)));
    }
}
