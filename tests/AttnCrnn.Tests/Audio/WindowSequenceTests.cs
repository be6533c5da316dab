using AttnCrnn.Audio;

namespace AttnCrnn.Tests.Audio;

public sealed class WindowSequenceTests
{
    private static readonly int[] Lengths = [0, 100, 1599, 1600, 4000, 8000, 8001, 12_345, 16_000, 24_000, 40_001];

    [Theory]
    [InlineData(0.5, 0.5)]
    [InlineData(0.5, 0.25)]
    [InlineData(0.3, 0.13)]
    [InlineData(0.1, 0.01)]
    [InlineData(0.2, 0.7)]
    public void Recordings_have_the_windows_of_earlier_versions(double seconds, double hop) =>
        Assert.All(Lengths, length => Assert.Equal(EarlierWindows(length, seconds, hop), List(length, seconds, hop)));

    [Theory]
    [InlineData(0.5, 0.5)]
    [InlineData(0.3, 0.13)]
    [InlineData(0.2, 0.7)]
    public void A_stream_has_the_windows_of_the_recording(double seconds, double hop) => Assert.All(Lengths, length =>
        {
            var sequence = new WindowSequence(seconds, hop);
            var windows = new List<SampleWindow>();
            for (var samples = 0; samples < length; samples += 77)
                while (sequence.Next(samples, isComplete: false) is { } window)
                {
                    Assert.InRange(window.EndSample, 0, samples);
                    windows.Add(window);
                }
            while (sequence.Next(length, isComplete: true) is { } window)
                windows.Add(window);
            Assert.Equal(EarlierWindows(length, seconds, hop), windows);
        });

    /// <summary>A window of 0.1 s may round to 1599 samples; it is not the remainder of a recording.</summary>
    [Fact]
    public void A_full_window_that_rounds_down_does_not_end_the_recording()
    {
        var windows = List(160_000, 0.1, 0.010_03125);
        Assert.InRange(windows.Count, 980, 1000);
        Assert.Contains(windows, window => window.EndSample - window.FirstSample < 1600);
    }

    private static List<SampleWindow> List(int length, double seconds, double hop)
    {
        var sequence = new WindowSequence(seconds, hop);
        var windows = new List<SampleWindow>();
        while (sequence.Next(length, isComplete: true) is { } window)
            windows.Add(window);
        return windows;
    }

    // The loop of version 0.1.
    private static IEnumerable<SampleWindow> EarlierWindows(int length, double window, double hop)
    {
        var seconds = length / 16_000.0;
        for (var start = 0.0; ; start += hop)
        {
            var end = Math.Min(seconds, start + window);
            var firstSample = (int)Math.Round(start * 16_000);
            var endSample = (int)Math.Round(end * 16_000);
            if (start > 0 && endSample - firstSample < 1600)
                yield break;
            yield return new(start, end, firstSample, endSample);
            if (end >= seconds)
                yield break;
        }
    }
}
