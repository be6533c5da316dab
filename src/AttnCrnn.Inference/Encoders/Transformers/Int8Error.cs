namespace AttnCrnn.Encoders.Transformers;

/// <summary>Quantization error of int8 frames, relative to float32.</summary>
public static class Int8Error
{
    /// <summary>Root mean square of the difference, divided by the root mean square of the float32 frames.</summary>
    /// <param name="waveforms">Recordings, 16 kHz mono.</param>
    public static double ComputeRelativeRms(IEncoder exact, IEncoder quantized, IEnumerable<float[]> waveforms)
    {
        double difference = 0,
            size = 0;
        foreach (var waveform in waveforms)
        {
            var expected = exact.Encode(waveform).Values;
            var actual = quantized.Encode(waveform).Values;
            for (var i = 0; i < expected.Length; i++)
            {
                difference += Math.Pow((double)actual[i] - expected[i], 2);
                size += Math.Pow(expected[i], 2);
            }
        }
        return size > 0 ? Math.Sqrt(difference / size) : 0;
    }
}
