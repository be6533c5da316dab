using AttnCrnn.Audio;
using AttnCrnn.Formats;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.Tests.Formats.Wav;

/// <summary>
/// WAV files as recorders and editors write them. The values are those that libsndfile 1.2 reads from the same bytes,
/// except for 20 bits in 4 bytes, which it takes for 3 bytes.
/// </summary>
public sealed class WavVariantTests
{
    private const int Pcm = 1;

    // 12 bits: 0x7FF, -0x800, 0x123 and 1, in the upper bits of 2 bytes.
    private static readonly byte[] TwelveBits = [0xF0, 0x7F, 0x00, 0x80, 0x30, 0x12, 0x10, 0x00];
    private static readonly float[] TwelveBitValues = [0.99951172f, -1, 0.14208984f, 0.00048828125f];

    // 20 bits: 0x7FFFF, -0x80000 and 0x12345, in the upper bits of 3 bytes.
    private static readonly byte[] TwentyBits = [0xF0, 0xFF, 0x7F, 0x00, 0x00, 0x80, 0x50, 0x34, 0x12];
    private static readonly float[] TwentyBitValues = [0.9999981f, -1, 0.14222145f];

    [Fact]
    public void Samples_of_12_bits_are_the_upper_bits_of_2_bytes()
    {
        var plain = new SyntheticWav().AddFormat(Pcm, 1, 16_000, bits: 12, frameBytes: 2);
        var extensible = new SyntheticWav().AddExtensible(1, 16_000, containerBits: 16, validBits: 12);
        Assert.Equal(TwelveBitValues, Read(plain.AddChunk("data", TwelveBits)).Samples);
        Assert.Equal(TwelveBitValues, Read(extensible.AddChunk("data", TwelveBits)).Samples);
    }

    [Fact]
    public void Samples_of_20_bits_are_the_upper_bits_of_3_or_4_bytes()
    {
        byte[] inFourBytes = [.. TwentyBits.Chunk(3).SelectMany(sample => (byte[])[0, .. sample])];
        var three = new SyntheticWav().AddFormat(Pcm, 1, 16_000, bits: 20, frameBytes: 3);
        var extensible = new SyntheticWav().AddExtensible(1, 16_000, containerBits: 24, validBits: 20);
        var four = new SyntheticWav().AddFormat(Pcm, 1, 16_000, bits: 20, frameBytes: 4);
        Assert.Equal(TwentyBitValues, Read(three.AddChunk("data", TwentyBits)).Samples);
        Assert.Equal(TwentyBitValues, Read(extensible.AddChunk("data", TwentyBits)).Samples);
        Assert.Equal(TwentyBitValues, Read(four.AddChunk("data", inFourBytes)).Samples);
    }

    [Theory]
    [InlineData(16, 2)]
    [InlineData(24, 3)]
    [InlineData(32, 4)]
    public void RIFX_is_big_endian(int bits, int sampleBytes)
    {
        var bytes = new byte[4 * sampleBytes];
        for (var i = 0; i < 4; i++)
            TwelveBits.AsSpan(2 * i, 2).CopyTo(bytes.AsSpan((i * sampleBytes) + sampleBytes - 2));
        var littleEndian = new SyntheticWav().AddFormat(Pcm, 2, 44_100, bits, 2 * sampleBytes);
        var expected = Read(littleEndian.AddChunk("LIST", new byte[3]).AddChunk("data", bytes));
        byte[] reversed = [.. bytes.Chunk(sampleBytes).SelectMany(sample => sample.Reverse())];
        var bigEndian = new SyntheticWav { IsBigEndian = true }.AddFormat(Pcm, 2, 44_100, bits, 2 * sampleBytes);
        var actual = Read(bigEndian.AddChunk("LIST", new byte[3]).AddChunk("data", reversed));
        Assert.Equal(TwelveBitValues, expected.Samples);
        Assert.Equal(TwelveBitValues, actual.Samples);
        Assert.Equal((44_100, 2), (actual.SampleRateHz, actual.Channels));
    }

    [Theory]
    [InlineData(8, "data")] // its size in hexadecimal is a control character
    [InlineData(64, "data")] // its size is '@', so that "ata@" could be a name
    [InlineData(8, "LIST")]
    public void A_chunk_without_padding_is_skipped(int bytes, string next)
    {
        var wav = new SyntheticWav().AddFormat(Pcm, 1, 16_000, 16, 2).AddChunk("odd ", new byte[5], isPadded: false);
        if (next != "data")
            wav.AddChunk(next, new byte[7], isPadded: false);
        var audio = Read(wav.AddChunk("data", new byte[bytes]));
        Assert.Equal(bytes / 2, audio.Samples.Length);
        Assert.Empty(audio.Warnings);
    }

    [Fact]
    public void A_second_data_chunk_is_named_and_not_read()
    {
        var wav = new SyntheticWav()
            .AddFormat(Pcm, 1, 16_000, 16, 2)
            .AddChunk("data", TwelveBits)
            .AddChunk("LIST", new byte[9])
            .AddChunk("data", new byte[3200]);
        var one = Read(wav);
        Assert.Equal(TwelveBitValues, one.Samples);
        Assert.Equal("a second data chunk of 3200 bytes is not read", Assert.Single(one.Warnings).Text);
        var two = Read(wav.AddChunk("data", new byte[800]));
        Assert.Equal(
            "2 data chunks after the first, of 4000 bytes in total, are not read",
            Assert.Single(two.Warnings).Text
        );
    }

    [Fact]
    public void An_empty_data_chunk_before_the_samples_is_named()
    {
        var wav = new SyntheticWav()
            .AddFormat(Pcm, 1, 16_000, 16, 2)
            .AddChunk("data", [])
            .AddChunk("LIST", new byte[9])
            .AddChunk("data", TwelveBits);
        var audio = Read(wav);
        Assert.Equal(TwelveBitValues, audio.Samples);
        var warning = Assert.Single(audio.Warnings);
        Assert.Equal(RecordingWarning.SecondDataChunk, warning.Name);
        Assert.Equal("the first data chunk is empty: the second one is read", warning.Text);
    }

    [Fact]
    public void A_recording_without_samples_has_none_of_its_metadata()
    {
        var wav = new SyntheticWav()
            .AddFormat(Pcm, 1, 16_000, 16, 2)
            .AddChunk("data", [])
            .AddChunk("LIST", new byte[64]);
        Assert.Empty(Read(wav).Samples);
    }

    /// <summary>As sox, arecord and ffmpeg write to a pipe.</summary>
    [Theory]
    [InlineData(0x7FFFF000u)]
    [InlineData(0x80000000u)]
    [InlineData(0xFFFFFFFFu)]
    [InlineData(0u)]
    public void A_size_that_the_writer_did_not_know_is_no_missing_end(uint size)
    {
        var wav = new SyntheticWav().AddFormat(Pcm, 1, 16_000, 16, 2).AddChunk("data", TwelveBits).ToArray();
        BitConverter.TryWriteBytes(wav.AsSpan(wav.Length - TwelveBits.Length - 4), size);
        var audio = Read(wav);
        Assert.Equal(TwelveBitValues, audio.Samples);
        Assert.Empty(audio.Warnings);
    }

    [Fact]
    public void Bytes_after_the_samples_that_are_no_chunk_are_ignored()
    {
        var wav = new SyntheticWav().AddFormat(Pcm, 1, 16_000, 16, 2).AddChunk("data", TwelveBits).ToArray();
        Assert.Empty(Read([.. wav, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]).Warnings);
    }

    [Fact]
    public void An_encoding_that_is_not_decoded_here_is_named()
    {
        var wav = new SyntheticWav().AddFormat(0x11, 1, 8000, bits: 4, frameBytes: 256).AddChunk("data", TwelveBits);
        var exception = Assert.Throws<InvalidFileException>(() => Read(wav));
        Assert.Equal("coding 0x0011 of 4 bits (IMA ADPCM)", exception.Found);
    }

    [Fact]
    public void The_content_decides_and_not_the_name()
    {
        using var folder = new TempFolder();
        var wav = new SyntheticWav().AddFormat(Pcm, 1, 16_000, 16, 2).AddChunk("data", TwelveBits).ToArray();
        File.WriteAllBytes(folder.PathOf("recording.mp3"), wav);
        Assert.Equal(TwelveBitValues, AudioReader.Read(folder.PathOf("recording.mp3")).Samples);
    }

    private static WavAudio Read(SyntheticWav wav) => Read(wav.ToArray());

    private static WavAudio Read(byte[] wav)
    {
        using var stream = new MemoryStream(wav);
        return WavFile.Read("test", stream);
    }
}
