using System.Diagnostics;

namespace AttnCrnn.Bench;

/// <summary>Seconds of work.</summary>
internal static class Timing
{
    public static double Seconds(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>The least of some rounds; one before them lays out memory.</summary>
    public static double Best(int rounds, Action work)
    {
        work();
        return Enumerable.Range(0, rounds).Min(_ => Seconds(work));
    }
}
