using AttnCrnn.Models;

namespace AttnCrnn.Training.Normalization;

/// <summary>Sums over frames, in float64 and in the order in which the clips come, and the mean and deviation that they make.</summary>
internal sealed class FrameSums(int width)
{
    // A feature that hardly moves would blow its noise up to deviation 1.
    private const double MinStandardDeviation = 1e-4;

    private readonly double[] sum = new double[width],
        squares = new double[width];

    /// <summary>Clips so far.</summary>
    public int Clips { get; private set; }

    /// <summary>Their frames.</summary>
    public long Frames { get; private set; }

    /// <param name="clip">[frames, width].</param>
    public void Add(ReadOnlySpan<float> clip)
    {
        if (clip.Length % width != 0)
            throw new ArgumentException($"{clip.Length} numbers are no frames of {width}", nameof(clip));
        for (var at = 0; at < clip.Length; at += width)
        for (var i = 0; i < width; i++)
        {
            sum[i] += clip[at + i];
            squares[i] += (double)clip[at + i] * clip[at + i];
        }
        Clips++;
        Frames += clip.Length / width;
    }

    public FeatureNormalization Fit(string kind)
    {
        var mean = Array.ConvertAll(sum, total => total / Frames);
        var standardDeviation = mean.Select(
            (m, i) => Math.Max(MinStandardDeviation, Math.Sqrt(Math.Max(0, (squares[i] / Frames) - (m * m))))
        );
        return new(kind, Array.ConvertAll(mean, m => (float)m), [.. standardDeviation.Select(d => (float)d)]);
    }
}
