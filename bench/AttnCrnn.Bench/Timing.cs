using System.Diagnostics;
using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Bench;

/// <summary>Measures elapsed time.</summary>
internal static class Timing
{
    public static double Measure(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>The median; of an even number of values, the mean of the two in the middle.</summary>
    public static double ComputeMedian(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>The 95% bootstrap interval of the median.</summary>
    public static (double Low, double High) ComputeMedianInterval(double[] values)
    {
        const int samples = 2000;
        var random = new RandomStream(1);
        var drawn = new float[values.Length];
        var medians = new double[samples];
        for (var sample = 0; sample < samples; sample++)
        {
            random.AtStep(0, (uint)sample).FillUniform(drawn);
            medians[sample] = ComputeMedian(drawn.Select(u => values[(int)(u * values.Length)]));
        }
        Array.Sort(medians);
        return (medians[samples / 40], medians[^(samples / 40)]);
    }

    /// <summary>The minimum of several rounds in seconds, after one warm-up round.</summary>
    public static double MeasureMinimum(int rounds, Action work)
    {
        work();
        return Enumerable.Range(0, rounds).Min(_ => Measure(work));
    }
}
