namespace AttnCrnn.Testing.Encoders.References;

/// <summary>The features of SeamlessM4TFeatureExtractor in float64 and plain loops.</summary>
internal static class SeamlessFeatures
{
    private const int FrameLength = 400,
        HopLength = 160,
        FftLength = 512,
        Bins = (FftLength / 2) + 1;

    private static readonly double[] Window =
    [
        .. Enumerable
            .Range(0, FrameLength)
            .Select(n => Math.Pow(0.5 - (0.5 * Math.Cos(2 * Math.PI * n / (FrameLength - 1))), 0.85)),
    ];

    private static readonly double[] Turns =
    [
        .. Enumerable.Range(0, FftLength).Select(i => 2 * Math.PI * i / FftLength),
    ];

    private static readonly double[] Cosines = Array.ConvertAll(Turns, Math.Cos);
    private static readonly double[] Sines = Array.ConvertAll(Turns, Math.Sin);

    /// <summary>The standardized log-mel features of a clip.</summary>
    /// <param name="bands">Number of mel bands.</param>
    /// <param name="padding">The value of the frame that completes the last pair.</param>
    /// <returns>[pairs][2 x bands], and whether the second frame of each pair is one of the clip.</returns>
    public static (double[][] Features, bool[] Mask) Compute(float[] waveform, int bands, double padding)
    {
        var filters = MelFilters(bands);
        var count = 1 + ((waveform.Length - FrameLength) / HopLength);
        double[][] frames =
        [
            .. Enumerable.Range(0, count).Select(i => LogMel(waveform.AsSpan(i * HopLength, FrameLength), filters)),
        ];
        Standardize(frames);
        var isComplete = count % 2 == 0;
        if (!isComplete)
            frames = [.. frames, [.. Enumerable.Repeat(padding, bands)]];
        double[][] pairs = [.. frames.Chunk(2).Select(pair => (double[])[.. pair[0], .. pair[1]])];
        return (pairs, [.. pairs.Select((_, i) => isComplete || i < pairs.Length - 1)]);
    }

    private static double[] LogMel(ReadOnlySpan<float> samples, double[][] filters)
    {
        var centered = new double[FrameLength];
        for (var n = 0; n < FrameLength; n++)
            centered[n] = samples[n] * 32768.0;
        var mean = centered.Average();
        for (var n = 0; n < FrameLength; n++)
            centered[n] -= mean;
        var windowed = new double[FrameLength];
        for (var n = 0; n < FrameLength; n++)
            windowed[n] = Window[n] * (centered[n] - (0.97 * centered[Math.Max(0, n - 1)]));
        var powers = Powers(windowed);
        return Array.ConvertAll(filters, filter =>
            Math.Log(Math.Max(Float64Layers.Dot(filter, powers), 1.192092955078125e-07))
        );
    }

    private static double[] Powers(double[] windowed)
    {
        var powers = new double[Bins];
        for (var bin = 0; bin < Bins; bin++)
        {
            var real = 0.0;
            var imaginary = 0.0;
            for (var n = 0; n < FrameLength; n++)
            {
                var turn = bin * n % FftLength;
                real += windowed[n] * Cosines[turn];
                imaginary -= windowed[n] * Sines[turn];
            }
            powers[bin] = (real * real) + (imaginary * imaginary);
        }
        return powers;
    }

    // Triangles that are linear in mel; each starts at the center of the previous one.
    private static double[][] MelFilters(int bands)
    {
        static double Mel(double hertz) => 1127 * Math.Log(1 + (hertz / 700));
        var bottom = Mel(20);
        var step = (Mel(8000) - bottom) / (bands + 1);
        return
        [
            .. Enumerable
                .Range(0, bands)
                .Select(band =>
                    Enumerable
                        .Range(0, Bins)
                        .Select(bin =>
                        {
                            var position = (Mel(bin * 16000.0 / FftLength) - bottom) / step;
                            return Math.Max(0, Math.Min(position - band, band + 2 - position));
                        })
                        .ToArray()
                ),
        ];
    }

    // The variance of a sample, over all frames of the clip.
    private static void Standardize(double[][] frames)
    {
        for (var band = 0; band < frames[0].Length; band++)
        {
            var mean = frames.Average(frame => frame[band]);
            var variance = frames.Sum(frame => Math.Pow(frame[band] - mean, 2)) / (frames.Length - 1);
            foreach (var frame in frames)
                frame[band] = (frame[band] - mean) / Math.Sqrt(variance + 1e-7);
        }
    }
}
