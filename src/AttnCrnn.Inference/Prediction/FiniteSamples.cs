namespace AttnCrnn.Prediction;

/// <summary>Rejects samples that are NaN or infinite, from which an encoder would compute NaN frames.</summary>
internal static class FiniteSamples
{
    /// <param name="firstIndex">Index of the first sample in its recording or stream, for the message.</param>
    /// <exception cref="InvalidInputException">A sample is NaN or infinite.</exception>
    public static void Require(ReadOnlySpan<float> samples, long firstIndex = 0)
    {
        for (var i = 0; i < samples.Length; i++)
            if (!float.IsFinite(samples[i]))
                throw new InvalidInputException(
                    $"sample {firstIndex + i} is {samples[i]}, expected a finite number (full scale ±1); "
                        + "replace NaN and infinite samples by 0"
                );
    }
}
