namespace AttnCrnn.Audio;

/// <summary>The mean of the channels of a recording.</summary>
internal static class ChannelMean
{
    /// <param name="interleaved">[samples, channels].</param>
    /// <param name="mono">[samples]; receives the means.</param>
    public static void Compute(ReadOnlySpan<float> interleaved, int channels, Span<float> mono)
    {
        for (var i = 0; i < mono.Length; i++)
        {
            var sum = 0f;
            for (var channel = 0; channel < channels; channel++)
                sum += interleaved[(i * channels) + channel];
            mono[i] = sum / channels;
        }
    }
}
