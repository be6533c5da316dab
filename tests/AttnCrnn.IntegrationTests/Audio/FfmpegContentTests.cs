using AttnCrnn.Audio;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.IntegrationTests.Audio;

/// <summary>What goes to ffmpeg is decided by content, and ffmpeg opens nothing else.</summary>
[Requires("ffmpeg")]
[Collection("ffmpeg")]
public sealed class FfmpegContentTests : IDisposable
{
    private const double Seconds = 1;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("adpcm.wav", "-c:a", "adpcm_ms")]
    [InlineData("ima.wav", "-c:a", "adpcm_ima_wav")]
    [InlineData("gsm.wav", "-ar", "8000", "-c:a", "libgsm_ms")]
    [InlineData("mp3_within.wav", "-c:a", "libmp3lame", "-f", "wav")]
    [InlineData("mp3_named.wav", "-f", "mp3")]
    [InlineData("m4a_named.wav", "-c:a", "aac", "-f", "ipod")]
    [InlineData("wav_named.mp3", "-f", "wav")]
    [InlineData("video_named.flac", "-c:a", "aac", "-f", "matroska")]
    public void A_recording_is_read_whatever_its_name(string name, params string[] encoding)
    {
        var path = Convert(WriteTone(), name, encoding);
        var waveform = AudioReader.Read(path);
        Assert.InRange(waveform.Seconds, Seconds - 0.1, Seconds + 0.2);
        Assert.InRange(waveform.Samples.Max(), 0.1f, 1f);
    }

    [Theory]
    [InlineData("playlist.wav", "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nsecret.wav\n#EXT-X-ENDLIST\n")]
    [InlineData("playlist.m4a", "\n#EXTM3U\n#EXTINF:1,\nsecret.wav\n")]
    [InlineData("script.mp3", "ffconcat version 1.0\nfile 'secret.wav'\n")]
    [InlineData("manifest.mp4", "<?xml version=\"1.0\"?>\n<MPD><BaseURL>secret.wav</BaseURL></MPD>\n")]
    public void A_file_that_names_other_files_is_refused_and_they_are_not_opened(string name, string text)
    {
        WriteTone("secret.wav");
        var path = folder.PathOf(name);
        File.WriteAllText(path, text);
        var exception = Assert.Throws<InvalidFileException>(() => AudioReader.Read(path));
        Assert.EndsWith("which names other files", exception.Found, StringComparison.Ordinal);
        Assert.Throws<InvalidFileException>(() =>
            AudioReader.ReadBytes(File.ReadAllBytes(path), "upload", AudioLimits.None, CancellationToken.None)
        );
    }

    /// <summary>ffmpeg decodes the recording that the text names, unless the list of formats prevents it.</summary>
    [Theory]
    [InlineData("playlist.wav", "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nsecret.wav\n#EXT-X-ENDLIST\n")]
    [InlineData("script.mp3", "ffconcat version 1.0\nfile 'secret.wav'\n")]
    public void Ffmpeg_opens_no_other_file(string name, string text)
    {
        WriteTone("secret.wav");
        File.WriteAllText(folder.PathOf(name), text);
        using var input = AudioInput.Open(folder.PathOf(name), AudioLimits.None);
        var exception = Assert.Throws<InvalidFileException>(() =>
            FfmpegDecoder.Open(input, format: null, maxSamples: null, CancellationToken.None)
        );
        Assert.StartsWith("nothing that ffmpeg can decode", exception.Found, StringComparison.Ordinal);
    }

    /// <summary>A format that this program does not recognize itself: the list of formats holds.</summary>
    [Theory]
    [InlineData("{\"duration\":1000,\"startOfParagraph\":true,\"content\":\"talk\",\"startTime\":0}", "captions.wav")]
    [InlineData(";FFMETADATA1\ntitle=x\n", "metadata.wav")]
    [InlineData("WEBVTT\n\n00:00.000 --> 00:01.000\ntext\n", "subtitles.wav")]
    public void Other_formats_of_ffmpeg_are_refused(string text, string name)
    {
        var path = folder.PathOf(name);
        File.WriteAllText(path, text);
        var exception = Assert.Throws<InvalidFileException>(() => AudioReader.Read(path));
        Assert.StartsWith("nothing that ffmpeg can decode", exception.Found, StringComparison.Ordinal);
        Assert.DoesNotContain(folder.Path, exception.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("matroska", exception.Message, StringComparison.Ordinal); // not the whole list
    }

    [Fact]
    public void A_stream_of_MP4_whose_index_is_at_its_end_gives_all_of_its_sound()
    {
        var path = Convert(WriteTone(seconds: 5), "phone.m4a", "-c:a", "aac", "-f", "ipod");
        var bytes = File.ReadAllBytes(path);
        Assert.True(bytes.AsSpan().IndexOf("moov"u8) > bytes.AsSpan().IndexOf("mdat"u8));
        var expected = AudioReader.Read(path).Samples;
        Assert.InRange(expected.Length, 5 * 16_000, 5.2 * 16_000);
        using var pipe = new PipeStream(bytes);
        var options = AudioReadOptions.Default;
        Assert.Equal(expected, AudioReader.ReadStream(pipe, "upload", options, CancellationToken.None).Samples);
        Assert.Equal(expected, AudioReader.ReadBytes(bytes, "upload", options, CancellationToken.None).Samples);
    }

    [Fact]
    public void No_temporary_file_is_left()
    {
        var bytes = File.ReadAllBytes(Fixtures.Path("audio", "lossy.mp3"));
        var before = CountTemporaryFolders();
        using var stream = new MemoryStream(bytes);
        var windows = new AudioWindows(0.1, 0.1).Read(stream, "upload", AudioLimits.None, CancellationToken.None);
        using (var enumerator = windows.GetEnumerator())
            Assert.True(enumerator.MoveNext()); // the recording is not read to its end
        Assert.Throws<InvalidFileException>(() => Read(new byte[1 << 16], AudioLimits.None));
        Assert.Throws<InvalidFileException>(() => Read(bytes, new() { MaxSeconds = 0.1 }));
        Assert.Equal(before, CountTemporaryFolders());
    }

    [Fact]
    public void A_video_without_sound_is_named_as_such()
    {
        var path = folder.PathOf("silent.mp4");
        Ffmpeg.Run("-f", "lavfi", "-i", "color=c=black:s=64x64:d=1", "-an", path);
        var exception = Assert.Throws<InvalidFileException>(() => AudioReader.Read(path));
        Assert.Contains("the video has no audio stream", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_coding_that_nobody_decodes_is_named()
    {
        var path = Fixtures.Path("audio", "refuse", "unknown_codec.wav");
        var exception = Assert.Throws<InvalidFileException>(() => AudioReader.Read(path));
        Assert.Contains("a WAV recording with coding 0x1234", exception.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_channel_is_chosen_of_what_ffmpeg_decodes()
    {
        var tone = WriteTone();
        var path = folder.PathOf("stereo.ogg");
        Ffmpeg.Run("-i", tone, "-af", "pan=stereo|c0=0*c0|c1=c0", path);
        var mix = AudioReader.Read(path);
        var loudest = AudioReader.Read(
            path,
            new AudioReadOptions { Channel = AudioChannel.Loudest },
            CancellationToken.None
        );
        Assert.Contains(mix.Warnings, warning =>
            warning.Text.StartsWith("channel 1 of 2 is silent", StringComparison.Ordinal)
        );
        Assert.InRange(loudest.Samples.Max() / mix.Samples.Max(), 1.9, 2.1);
        Assert.Throws<InvalidFileException>(() =>
            AudioReader.Read(
                path,
                new AudioReadOptions { Channel = AudioChannel.FromNumber(3) },
                CancellationToken.None
            )
        );
    }

    private static Waveform Read(byte[] bytes, AudioLimits limits) =>
        AudioReader.ReadBytes(bytes, "upload", limits, CancellationToken.None);

    private static int CountTemporaryFolders() =>
        Directory.GetDirectories(Path.GetTempPath(), $"attn-crnn-{Environment.ProcessId}-*").Length;

    private string WriteTone(string name = "tone.wav", double seconds = Seconds)
    {
        var samples = new float[(int)(16_000 * seconds)];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = 0.5f * (float)Math.Sin(2 * Math.PI * 300 * i / 16_000);
        var path = folder.PathOf(name);
        WavWriter.Write(path, samples, 16_000);
        return path;
    }

    private string Convert(string source, string name, params string[] encoding)
    {
        var path = folder.PathOf(name);
        Ffmpeg.Run(["-i", source, .. encoding, path]);
        return path;
    }
}
