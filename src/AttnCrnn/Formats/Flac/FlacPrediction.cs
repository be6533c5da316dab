namespace AttnCrnn.Formats.Flac;

/// <summary>From residuals to samples, in place: to each, what the samples before it foretell.</summary>
internal static class FlacPrediction
{
    /// <summary>A polynomial of degree <paramref name="order"/> - 1 through the samples before (RFC 9639, table 20).</summary>
    /// <param name="samples">The first <paramref name="order"/> as they are, residuals after them.</param>
    public static void AddFixed(Span<long> samples, int order)
    {
        switch (order)
        {
            case 1:
                for (var i = 1; i < samples.Length; i++)
                    samples[i] += samples[i - 1];
                break;
            case 2:
                for (var i = 2; i < samples.Length; i++)
                    samples[i] += (2 * samples[i - 1]) - samples[i - 2];
                break;
            case 3:
                for (var i = 3; i < samples.Length; i++)
                    samples[i] += (3 * (samples[i - 1] - samples[i - 2])) + samples[i - 3];
                break;
            case 4:
                for (var i = 4; i < samples.Length; i++)
                    samples[i] += (4 * (samples[i - 1] + samples[i - 3])) - (6 * samples[i - 2]) - samples[i - 4];
                break;
        }
    }

    /// <summary>A weighted sum of the samples before.</summary>
    /// <param name="samples">The first as they are, as many as there are weights, and residuals after them.</param>
    /// <param name="weights">The oldest sample's first.</param>
    /// <param name="shift">Bits by which the sum is too large.</param>
    public static void AddLinear(Span<long> samples, ReadOnlySpan<long> weights, int shift)
    {
        for (var i = weights.Length; i < samples.Length; i++)
        {
            var before = samples.Slice(i - weights.Length, weights.Length);
            long sum = 0;
            for (var j = 0; j < before.Length; j++)
                sum += weights[j] * before[j];
            samples[i] += sum >> shift;
        }
    }
}
