namespace AttnCrnn.Audio;

/// <summary>Consecutive samples of which the same number of channels are not finite.</summary>
/// <param name="Start">First sample, per channel.</param>
/// <param name="End">First sample after it.</param>
/// <param name="ChannelCount">Channels of each that are not finite.</param>
internal readonly record struct NonFiniteRun(long Start, long End, int ChannelCount)
{
    /// <summary>Number of values in a range of samples.</summary>
    public long CountWithin(long start, long end) =>
        Math.Max(0, Math.Min(End, end) - Math.Max(Start, start)) * ChannelCount;
}
