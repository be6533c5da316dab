namespace AttnCrnn.Audio;

/// <summary>Speech as the encoders take it: 16 kHz, one channel.</summary>
/// <param name="Samples">[samples], finite, full scale ±1.</param>
/// <param name="NonFiniteSampleCount">Samples that were NaN or infinite in the recording, and are 0 here.</param>
/// <param name="Warnings">What is odd about the recording though it can be read.</param>
public sealed record Waveform(float[] Samples, long NonFiniteSampleCount, IReadOnlyList<string> Warnings)
{
    /// <summary>The one rate of the house.</summary>
    public const int SampleRateHz = 16_000;

    /// <summary>How long it lasts.</summary>
    public double Seconds => (double)Samples.Length / SampleRateHz;
}
