using AttnCrnn.Audio;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.Tests.Audio;

/// <summary>Windows of a recording against slices of its waveform.</summary>
public sealed class AudioWindowsTests
{
    [Theory]
    [InlineData("stereo48k_pcm_16.wav", 0.5, 0.5)]
    [InlineData("stereo44k_float.wav", 0.3, 0.1)]
    [InlineData("mono8k_pcm_16.wav", 0.2, 0.7)] // gaps
    [InlineData("mono16k.flac", 0.25, 0.0333)]
    [InlineData("mono16k_pcm_16.wav", 3600, 3600)] // one window
    [InlineData("no_samples.wav", 1, 1)]
    public void Windows_are_slices_of_the_waveform(string name, double seconds, double hopSeconds)
    {
        var path = Fixtures.Path("audio", name);
        var samples = AudioReader.Read(path).Samples;
        AssertSlices(samples, 0, new(seconds, hopSeconds), seconds, hopSeconds, path);
    }

    [Theory]
    [InlineData(0.21, 0.5)]
    [InlineData(0.21, null)]
    [InlineData(null, 0.3)]
    [InlineData(0.3, 1000.0)]
    public void Windows_of_a_segment_are_slices_of_it(double? start, double? end)
    {
        var path = Fixtures.Path("audio", "stereo44k_float.wav");
        var samples = AudioReader.Read(path, start, end).Samples;
        var windows = new AudioWindows(0.1, 0.05)
        {
            SegmentStartSeconds = start,

            SegmentEndSeconds = end,
        };
        AssertSlices(samples, start ?? 0, windows, 0.1, 0.05, path);
    }

    [Theory]
    [InlineData(1000.0, null)]
    [InlineData(0.5, 0.5)]
    [InlineData(-1.0, 0.5)]
    public void A_segment_outside_the_recording_is_rejected_as_by_the_reader(double start, double? end)
    {
        var path = Fixtures.Path("audio", "stereo44k_float.wav");
        var windows = new AudioWindows(0.1, 0.1)
        {
            SegmentStartSeconds = start,

            SegmentEndSeconds = end,
        };
        Assert.Equal(
            Assert.Throws<InvalidFileException>(() => AudioReader.Read(path, start, end)).Message,
            Assert
                .Throws<InvalidFileException>(() =>
                    windows.Read(path, AudioLimits.None, CancellationToken.None).ToList()
                )
                .Message
        );
    }

    [Fact]
    public void Memory_does_not_grow_with_the_recording()
    {
        using var folder = new TempFolder();
        WavWriter.Write(folder.PathOf("long.wav"), new float[600 * 48_000], 48_000);
        using var stream = File.OpenRead(folder.PathOf("long.wav"));
        var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        var count = 0;
        var windows = new AudioWindows(1, 60);
        foreach (var window in windows.Read(stream, "recording", AudioLimits.None, CancellationToken.None))
            count += window.Samples.Length;
        Assert.Equal(10 * 16_000, count);
        // The waveform alone is 38 MB.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocatedBefore, 0, 4 << 20);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(double.NaN, 1)]
    public void Empty_windows_are_rejected(double seconds, double hopSeconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new AudioWindows(seconds, hopSeconds));

    [Fact]
    public void Windows_of_less_than_a_tenth_of_a_second_are_not_remainders()
    {
        using var folder = new TempFolder();
        WavWriter.Write(folder.PathOf("short.wav"), new float[3200], 16_000);
        var windows = new AudioWindows(0.05, 0.05);
        Assert.Equal(4, windows.Read(folder.PathOf("short.wav"), AudioLimits.None, CancellationToken.None).Count());
    }

    // The windows as `predict --window` has always cut them from the whole waveform.
    private static void AssertSlices(
        float[] samples,
        double offset,
        AudioWindows windows,
        double seconds,
        double hopSeconds,
        string path
    )
    {
        var expected = new List<AudioWindow>();
        var length = (double)samples.Length / 16_000;
        for (var start = 0.0; ; start += hopSeconds)
        {
            var end = Math.Min(length, start + seconds);
            var first = (int)Math.Round(start * 16_000);
            var endSample = (int)Math.Round(end * 16_000);
            if (start > 0 && endSample - first < 1600)
                break;
            expected.Add(new(offset + start, offset + end, samples[first..endSample]));
            if (end >= length)
                break;
        }
        var actual = windows.Read(path, AudioLimits.None, CancellationToken.None).ToList();
        Assert.Equal(
            expected.Select(window => (window.StartSeconds, window.EndSeconds)),
            actual.Select(window => (window.StartSeconds, window.EndSeconds))
        );
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First.Samples, pair.Second.Samples));
    }
}
