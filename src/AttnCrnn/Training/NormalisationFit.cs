using AttnCrnn.Interop;

namespace AttnCrnn.Training;

/// <summary>Mean and deviation of every feature over the frames of the training side, summed in float64 in the clips' order.</summary>
internal static class NormalisationFit
{
    // A feature that hardly moves would blow its noise up to deviation 1.
    private const double LeastDeviation = 1e-4;

    public static Normalisation Of(IFrameSource source, IEnumerable<TrainingClip> clips)
    {
        var (sum, squares) = (new double[source.Width], new double[source.Width]);
        long frames = 0;
        foreach (var clip in clips)
        {
            var values = new float[source.Frames(clip.Source) * source.Width];
            source.Read(clip.Source, values);
            frames += source.Frames(clip.Source);
            for (var at = 0; at < values.Length; at += sum.Length)
                for (var i = 0; i < sum.Length; i++)
                {
                    sum[i] += values[at + i];
                    squares[i] += (double)values[at + i] * values[at + i];
                }
        }
        var mean = Array.ConvertAll(sum, total => total / frames);
        var deviation = mean.Select((m, i) => Math.Max(LeastDeviation, Math.Sqrt(Math.Max(0, (squares[i] / frames) - (m * m)))));
        return new("corpus", Array.ConvertAll(mean, m => (float)m), [.. deviation.Select(d => (float)d)]);
    }
}
