using AttnCrnn.Encoders;

namespace CustomEncoder;

/// <summary>Loudness over time: the mean of the absolute samples of every 10 ms.</summary>
internal sealed class LoudnessEncoder : IEncoder
{
    private const int HopSamples = 160; // 10 ms at 16 kHz

    // Name, revision (change it with the arithmetic), layers, frames per second, width, layers per frame.
    public EncoderDescription Description { get; } = new("loudness", "1", "", 100, 1, 1);

    // Called from several threads at once. Equal samples must give equal frames.
    public FrameMatrix Encode(ReadOnlySpan<float> waveform, CancellationToken cancellationToken = default)
    {
        var values = new float[waveform.Length / HopSamples];
        for (var i = 0; i < values.Length; i++)
            foreach (var sample in waveform.Slice(HopSamples * i, HopSamples))
                values[i] += Math.Abs(sample) / HopSamples;
        return new(values, values.Length, 1, 1);
    }

    public void Dispose() { }
}
