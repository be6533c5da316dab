namespace AttnCrnn.Formats.Flac;

/// <summary>Converts residuals to samples in place, by adding the prediction from the previous samples.</summary>
internal static class FlacPrediction
{
    /// <summary>
    /// Fixed predictor: a polynomial of degree <paramref name="order"/> - 1 through the previous samples (RFC 9639,
    /// table 20).
    /// </summary>
    /// <param name="samples"><paramref name="order"/> warm-up samples, followed by residuals.</param>
    /// <param name="order">Predictor order, 0 to 4.</param>
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

    /// <summary>Linear predictor: a weighted sum of the previous samples.</summary>
    /// <param name="samples">One warm-up sample per weight, followed by residuals.</param>
    /// <param name="weights">Coefficients, in the order of the samples: the oldest first.</param>
    /// <param name="shift">Right shift of the sum, in bits.</param>
    public static void AddLinear(Span<long> samples, ReadOnlySpan<long> weights, int shift)
    {
        for (var i = weights.Length; i < samples.Length; i++)
        {
            var previous = samples.Slice(i - weights.Length, weights.Length);
            long sum = 0;
            for (var j = 0; j < previous.Length; j++)
                sum += weights[j] * previous[j];
            samples[i] += sum >> shift;
        }
    }
}
