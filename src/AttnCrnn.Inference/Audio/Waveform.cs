using AttnCrnn.Formats;

namespace AttnCrnn.Audio;

/// <summary>Audio as the encoders expect it: 16 kHz mono.</summary>
/// <param name="Samples">[samples], finite, full scale ±1.</param>
/// <param name="NonFiniteSampleCount">Number of NaN or infinite samples in what was read, replaced by 0.</param>
/// <param name="Warnings">Problems that did not prevent reading.</param>
public sealed record Waveform(float[] Samples, long NonFiniteSampleCount, IReadOnlyList<RecordingWarning> Warnings)
{
    /// <summary>The sample rate of all waveforms, in Hz.</summary>
    public const int SampleRateHz = 16_000;

    /// <summary>The bandwidth of the whole recording; null if it was not measured.</summary>
    internal Bandwidth? Bandwidth { get; init; }

    /// <summary>Duration in seconds.</summary>
    public double Seconds => (double)Samples.Length / SampleRateHz;

    /// <summary>The index of the sample at a time.</summary>
    internal static long ToSample(double seconds) => (long)Math.Round(seconds * SampleRateHz);
}
