namespace AttnCrnn.Encoders.Transformers;

/// <summary>How far the frames of an encoder by eight bits are from those of the same by float32: to be shown wherever such frames are made.</summary>
public static class Int8Error
{
    /// <summary>The root of the mean square of the difference, through that of the frames.</summary>
    /// <param name="waveforms">Some recordings, 16 kHz mono.</param>
    public static double RelativeRms(IEncoder exact, IEncoder quantised, IEnumerable<float[]> waveforms)
    {
        double difference = 0,
            size = 0;
        foreach (var waveform in waveforms)
        {
            var (expected, given) = (exact.Encode(waveform).Values, quantised.Encode(waveform).Values);
            for (var i = 0; i < expected.Length; i++)
            {
                difference += Math.Pow((double)given[i] - expected[i], 2);
                size += Math.Pow(expected[i], 2);
            }
        }
        return size > 0 ? Math.Sqrt(difference / size) : 0;
    }
}
