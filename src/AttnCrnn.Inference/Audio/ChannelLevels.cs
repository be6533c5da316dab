namespace AttnCrnn.Audio;

/// <summary>
/// The level of each channel of a segment of a recording: the root mean square around the mean, since a constant offset
/// of a channel without sound is not a level. Memory does not grow with the length of the recording.
/// </summary>
/// <param name="channels">Number of channels.</param>
/// <param name="startSample">First sample of the segment, per channel at the rate of the recording.</param>
/// <param name="endSample">First sample after the segment.</param>
internal sealed class ChannelLevels(int channels, long startSample, long endSample)
{
    /// <summary>−60 dB: a channel that differs this much from the loudest has no more than its noise.</summary>
    private const double SilentRatio = 1e-3;

    private readonly double[] sums = new double[channels];
    private readonly double[] squares = new double[channels];
    private long decodedSamples; // per channel
    private long countedSamples; // of the segment

    /// <summary>Levels of a segment at a sample rate.</summary>
    public static ChannelLevels Create(int channels, int sampleRateHz, AudioSegment segment) =>
        new(
            channels,
            ToSample(segment.StartSeconds ?? 0, sampleRateHz),
            segment.EndSeconds is { } end ? ToSample(end, sampleRateHz) : long.MaxValue
        );

    /// <param name="interleaved">[samples, channels], the next ones of the recording.</param>
    public void Add(ReadOnlySpan<float> interleaved)
    {
        var count = interleaved.Length / channels;
        var first = (int)Math.Clamp(startSample - decodedSamples, 0, count);
        var end = (int)Math.Clamp(endSample - decodedSamples, first, count);
        decodedSamples += count;
        countedSamples += end - first;
        for (var channel = 0; channel < channels; channel++)
            AddChannel(interleaved[(first * channels)..(end * channels)], channel);
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

    /// <summary>Numbers of the silent channels, from 1; none if all are.</summary>
    public IReadOnlyList<int> FindSilent()
    {
        var maxLevel = ComputeLevel(FindLoudest());
        return maxLevel == 0
            ? []
            :
            [
                .. Enumerable
                    .Range(0, channels)
                    .Where(channel => ComputeLevel(channel) <= SilentRatio * maxLevel)
                    .Select(channel => channel + 1),
            ];
    }

    private void AddChannel(ReadOnlySpan<float> interleaved, int channel)
    {
        double sum = 0;
        double square = 0;
        for (var i = channel; i < interleaved.Length; i += channels)
        {
            double sample = interleaved[i];
            sum += sample;
            square += sample * sample;
        }
        sums[channel] += sum;
        squares[channel] += square;
    }

    private double ComputeLevel(int channel)
    {
        if (countedSamples == 0)
            return 0;
        var mean = sums[channel] / countedSamples;
        return Math.Sqrt(Math.Max(0, (squares[channel] / countedSamples) - (mean * mean)));
    }

    private static long ToSample(double seconds, int sampleRateHz) =>
        (long)Math.Round(Math.Clamp(seconds * sampleRateHz, 0, long.MaxValue / 2));
}
