using AttnCrnn.Audio;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.Tests.Audio;

/// <summary>Recordings from memory and from streams, and limits for them.</summary>
public sealed class AudioStreamTests
{
    private static readonly AudioLimits NoLimits = AudioLimits.None;

    [Theory]
    [InlineData("stereo44k_float.wav")]
    [InlineData("mono16k_rf64.wav")]
    [InlineData("has_nan.wav")]
    [InlineData("mono16k.flac")]
    public void A_recording_in_memory_or_in_a_stream_gives_the_bits_of_the_file(string name)
    {
        var expected = AudioReader.Read(Fixtures.Path("audio", name));
        var bytes = File.ReadAllBytes(Fixtures.Path("audio", name));
        using var seekable = new MemoryStream(bytes);
        using var pipe = new PipeStream(bytes);
        // The format is recognized by the content: the name has no extension.
        Waveform[] waveforms =
        [
            AudioReader.ReadBytes(bytes, "upload", NoLimits, CancellationToken.None),
            AudioReader.ReadStream(seekable, "upload", NoLimits, CancellationToken.None),
            AudioReader.ReadStream(pipe, "upload", NoLimits, CancellationToken.None),
        ];
        foreach (var waveform in waveforms)
        {
            Assert.Equal(expected.Samples, waveform.Samples);
            Assert.Equal(expected.NonFiniteSampleCount, waveform.NonFiniteSampleCount);
            Assert.Equal(expected.Warnings, waveform.Warnings);
        }
        Assert.True(seekable.CanRead); // belongs to the caller
    }

    [Fact]
    public void A_stream_is_read_from_its_position()
    {
        var bytes = File.ReadAllBytes(Fixtures.Path("audio", "mono16k.flac"));
        using var stream = new MemoryStream([1, 2, 3, .. bytes]) { Position = 3 };
        Assert.Equal(
            AudioReader.Read(Fixtures.Path("audio", "mono16k.flac")).Samples,
            AudioReader.ReadStream(stream, "upload", NoLimits, CancellationToken.None).Samples
        );
    }

    [Fact]
    public void An_empty_stream_is_rejected_by_its_name()
    {
        var exception = Assert.Throws<InvalidFileException>(() =>
            AudioReader.ReadBytes(ReadOnlyMemory<byte>.Empty, "upload", NoLimits, CancellationToken.None)
        );
        Assert.Equal(("upload", "no bytes"), (exception.File, exception.Found));
    }

    [Fact]
    public void Too_many_bytes_are_rejected_before_they_are_read()
    {
        var limits = new AudioLimits { MaxBytes = 1000 };
        using var seekable = new MemoryStream(new byte[1001]);
        using var pipe = new PipeStream(new byte[1 << 24]);
        var fromFile = Assert.Throws<InvalidFileException>(() =>
            AudioReader.Read(Fixtures.Path("audio", "mono16k.flac"), limits, CancellationToken.None)
        );
        var fromStream = Assert.Throws<InvalidFileException>(() =>
            AudioReader.ReadStream(seekable, "upload", limits, CancellationToken.None)
        );
        Assert.Throws<InvalidFileException>(() =>
            AudioReader.ReadStream(pipe, "upload", limits, CancellationToken.None)
        );
        Assert.Equal("at most 1000 bytes", fromFile.Expected);
        Assert.Equal("a recording of 1001 bytes", fromStream.Found);
        Assert.InRange(pipe.Count, 1001, 1 << 16);
    }

    [Fact]
    public void A_recording_that_is_too_long_is_rejected_before_memory_for_it_is_allocated()
    {
        using var folder = new TempFolder();
        WavWriter.Write(folder.PathOf("long.wav"), new float[100 * 16_000], 16_000);
        var bytes = File.ReadAllBytes(folder.PathOf("long.wav"));
        var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        var exception = Assert.Throws<InvalidFileException>(() =>
            AudioReader.ReadBytes(bytes, "upload", new AudioLimits { MaxSeconds = 99.5 }, CancellationToken.None)
        );
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocatedBefore, 0, 1 << 20);
        Assert.Equal(("100 s of audio", "at most 99.5 s"), (exception.Found, exception.Expected));
        Assert.Equal(
            100,
            AudioReader.ReadBytes(bytes, "upload", new AudioLimits { MaxSeconds = 100 }, CancellationToken.None).Seconds
        );
    }

    [Fact]
    public void A_FLAC_file_that_hides_its_length_is_rejected_while_it_is_decoded()
    {
        var bytes = File.ReadAllBytes(Fixtures.Path("audio", "mono16k.flac"));
        var seconds = AudioReader.ReadBytes(bytes, "upload", NoLimits, CancellationToken.None).Seconds;
        // The last 36 bits of the second half of STREAMINFO's 64: the number of samples; 0 is unknown.
        bytes[21] &= 0xF0;
        bytes.AsSpan(22, 4).Clear();
        var exception = Assert.Throws<InvalidFileException>(() =>
            AudioReader.ReadBytes(bytes, "upload", new AudioLimits { MaxSeconds = seconds / 2 }, CancellationToken.None)
        );
        Assert.StartsWith("more than ", exception.Found, StringComparison.Ordinal);
    }
}
