using System.Diagnostics;

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

    /// <summary>The minimum of several rounds in seconds, after one warm-up round.</summary>
    public static double MeasureMinimum(int rounds, Action work)
    {
        work();
        return Enumerable.Range(0, rounds).Min(_ => Measure(work));
    }
}
