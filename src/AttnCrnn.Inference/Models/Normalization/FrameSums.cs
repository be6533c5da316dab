namespace AttnCrnn.Models.Normalization;

/// <summary>
/// Accumulates frames in float64, in the order of the clips, and computes their mean and standard deviation.
/// </summary>
internal sealed class FrameSums(int width)
{
    // Keeps a nearly constant feature's noise from being scaled to standard deviation 1.
    private const double MinStandardDeviation = 1e-4;

    private readonly double[] sum = new double[width];
    private readonly double[] squares = new double[width];

    /// <summary>Number of clips added.</summary>
    public int Clips { get; private set; }

    /// <summary>Number of frames added.</summary>
    public long Frames { get; private set; }

    /// <param name="clip">[frames, width].</param>
    public void Add(ReadOnlySpan<float> clip)
    {
        if (clip.Length % width != 0)
            throw new ArgumentException(
                $"{clip.Length} values are not a multiple of the feature dimension {width}",
                nameof(clip)
            );
        for (var offset = 0; offset < clip.Length; offset += width)
        for (var i = 0; i < width; i++)
        {
            sum[i] += clip[offset + i];
            squares[i] += (double)clip[offset + i] * clip[offset + i];
        }
        Clips++;
        Frames += clip.Length / width;
    }

    /// <summary>A copy, to which clips can be added without changing this one.</summary>
    public FrameSums Clone()
    {
        var copy = new FrameSums(width)
        {
            Clips = Clips,

            Frames = Frames,
        };
        sum.CopyTo(copy.sum, 0);
        squares.CopyTo(copy.squares, 0);
        return copy;
    }

    public FeatureNormalization ComputeNormalization(NormalizationMode kind)
    {
        var mean = Array.ConvertAll(sum, total => total / Frames);
        var standardDeviation = mean.Select(
            (featureMean, i) =>
                Math.Max(
                    MinStandardDeviation,
                    Math.Sqrt(Math.Max(0, (squares[i] / Frames) - (featureMean * featureMean)))
                )
        );
        return new(
            kind,
            Array.ConvertAll(mean, featureMean => (float)featureMean),
            [.. standardDeviation.Select(d => (float)d)]
        );
    }
}
