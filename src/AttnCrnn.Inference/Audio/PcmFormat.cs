namespace AttnCrnn.Audio;

/// <summary>
/// Format of a raw stream of signed 16-bit little-endian PCM (<c>s16le</c> of ffmpeg, without a header).
/// </summary>
public sealed record PcmFormat
{
    /// <summary>Lowest sample rate in Hz.</summary>
    public const int MinSampleRateHz = 100;

    /// <summary>Highest sample rate in Hz.</summary>
    public const int MaxSampleRateHz = 10_000_000;

    /// <summary>Maximum number of channels.</summary>
    public const int MaxChannels = 1024;

    /// <summary>Creates the format.</summary>
    /// <param name="sampleRateHz">Sample rate in Hz.</param>
    /// <param name="channels">Number of interleaved channels, which are averaged.</param>
    /// <exception cref="ArgumentOutOfRangeException">The sample rate or the number of channels is invalid.</exception>
    public PcmFormat(int sampleRateHz, int channels = 1)
    {
        ThrowIfInvalidRate(sampleRateHz);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, MaxChannels);
        SampleRateHz = sampleRateHz;
        Channels = channels;
    }

    /// <summary>Sample rate in Hz.</summary>
    public int SampleRateHz { get; }

    /// <summary>Number of interleaved channels.</summary>
    public int Channels { get; }

    /// <summary>Bytes of one sample of all channels.</summary>
    internal int BytesPerFrame => 2 * Channels;

    internal static void ThrowIfInvalidRate(int sampleRateHz)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRateHz, MinSampleRateHz);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sampleRateHz, MaxSampleRateHz);
    }
}
