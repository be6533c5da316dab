using AttnCrnn.Audio;
using AttnCrnn.Formats;

namespace AttnCrnn.IntegrationTests.Audio;

/// <summary>Recordings whose end is missing, in each format that says how long it is.</summary>
[Requires("ffmpeg")]
[Collection("ffmpeg")]
public sealed class TruncatedRecordingTests(EncodedRecordings recordings)
    : IClassFixture<EncodedRecordings>,
        IDisposable
{
    private readonly TempFolder folder = new();

    /// <summary>File name, then the encoding.</summary>
    public static TheoryData<string, string> Formats =>
        new()
        {
            { "info.mp3", "-c:a libmp3lame -f mp3" },
            { "xing.mp3", "-c:a libmp3lame -q:a 5 -f mp3" },
            { "frames.mp3", "-c:a libmp3lame -write_xing 0 -f mp3" },
            { "tagged.mp3", "-c:a libmp3lame -write_id3v1 1 -metadata title=Talk -f mp3" },
            { "layer2.mp2", "-c:a mp2 -f mp2" },
            { "adts.aac", "-c:a aac -f adts" },
            { "vorbis.ogg", "-c:a libvorbis -f ogg" },
            { "voice.opus", "-c:a libopus -f ogg" },
            { "flac.oga", "-c:a flac -f ogg" },
            { "pcm.au", "-f au" },
            { "ulaw.au", "-c:a pcm_mulaw -f au" },
            { "pcm.w64", "-f w64" },
            { "pcm24.w64", "-c:a pcm_s24le -f w64" },
            { "pcm.wav", "-f wav" },
            { "rf64.wav", "-rf64 always -f wav" },
            { "adpcm.wav", "-c:a adpcm_ms -f wav" },
            { "gsm.wav", "-ar 8000 -c:a gsm_ms -f wav" },
            { "mp3.wav", "-c:a libmp3lame -f wav" },
            { "pcm.caf", "-f caf" },
            { "alac.caf", "-c:a alac -f caf" },
            { "pcm.aiff", "-f aiff" },
            { "ulaw.aifc", "-c:a pcm_mulaw -f aiff" },
            { "pcm.flac", "-f flac" },
            { "aac.m4a", "-c:a aac -f ipod" },
            { "faststart.m4a", "-c:a aac -movflags +faststart -f ipod" },
            { "fragments.mp4", "-c:a aac -movflags frag_keyframe+empty_moov -f mp4" },
            { "pcm.mov", "-c:a pcm_s16le -f mov" },
            { "aac.3gp", "-c:a aac -f 3gp" },
            { "wma.wma", "-c:a wmav2 -f asf" },
            { "opus.webm", "-c:a libopus -f webm" },
            { "vorbis.mka", "-c:a libvorbis -f matroska" },
            { "mp3.flv", "-ar 44100 -c:a libmp3lame -f flv" },
            { "mp3.avi", "-c:a libmp3lame -f avi" },
            { "aac.ts", "-c:a aac -f mpegts" },
            { "wavpack.wv", "-c:a wavpack -f wv" },
            { "lossless.tta", "-c:a tta -f tta" },
            { "pcm.voc", "-c:a pcm_u8 -f voc" },
        };

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_recording_that_is_cut_is_said_to_be_truncated(string name, string encoding)
    {
        var bytes = recordings.Read(name, encoding);
        var path = folder.PathOf("cut_" + name);
        foreach (var percent in (int[])[61, 97])
        {
            File.WriteAllBytes(path, bytes[..(bytes.Length * percent / 100)]);
            try
            {
                Assert.Contains(AudioReader.Read(path).Warnings, IsTruncated);
            }
            catch (InvalidFileException exception)
            {
                // Formats whose index is at the end.
                Assert.Contains("truncated: ", exception.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void An_intact_recording_is_not(string name, string encoding)
    {
        var waveform = AudioReader.Read(recordings.Encode(name, encoding));
        Assert.DoesNotContain(waveform.Warnings, IsTruncated);
        Assert.InRange(waveform.Seconds, EncodedRecordings.Seconds - 0.1, EncodedRecordings.Seconds + 0.2);
    }

    /// <summary>The writer cannot go back to write sizes. Some formats cannot be written or read so.</summary>
    [Theory]
    [MemberData(nameof(Formats))]
    public void Nor_is_one_that_was_written_to_a_pipe(string name, string encoding)
    {
        var bytes = EncodeToPipe(encoding);
        if (bytes.Length == 0 || Path.GetExtension(name) is ".w64" or ".aiff" or ".aifc")
            return;
        var waveform = AudioReader.ReadBytes(bytes, name, AudioLimits.None, CancellationToken.None);
        Assert.DoesNotContain(waveform.Warnings, IsTruncated);
        Assert.InRange(waveform.Seconds, EncodedRecordings.Seconds - 0.1, EncodedRecordings.Seconds + 0.2);
    }

    [Fact]
    public void Chained_Ogg_streams_end_with_the_last_one()
    {
        var stream = recordings.Read("vorbis.ogg", "-c:a libvorbis -f ogg");
        byte[] chained = [.. stream, .. stream];
        Assert.DoesNotContain(Read(chained).Warnings, IsTruncated);
        Assert.Contains(Read(chained[..^3000]).Warnings, IsTruncated);
    }

    [Fact]
    public void Mp3_files_one_after_another_are_whole()
    {
        var first = recordings.Read("info.mp3", "-c:a libmp3lame -f mp3");
        Assert.DoesNotContain(Read([.. first, .. first]).Warnings, IsTruncated);
    }

    [Fact]
    public void A_wrong_size_of_an_mp3_is_no_missing_end()
    {
        var bytes = recordings.Read("info.mp3", "-c:a libmp3lame -f mp3");
        var size = bytes.AsSpan().IndexOf("Info"u8) + 12;
        bytes[size] = 0x7F;
        Assert.DoesNotContain(Read(bytes).Warnings, IsTruncated);
    }

    [Fact]
    public void The_last_bytes_of_an_mp3_are_missed_too()
    {
        var bytes = recordings.Read("info.mp3", "-c:a libmp3lame -f mp3");
        var warning = Assert.Single(Read(bytes[..^50]).Warnings, IsTruncated);
        Assert.Equal($"truncated: 50 of {bytes.Length} bytes are missing at the end", warning.Text);
    }

    [Fact]
    public void A_message_of_ffmpeg_has_no_addresses()
    {
        var bytes = recordings.Read("opus.webm", "-c:a libopus -f webm");
        var warnings = Read(bytes[..(bytes.Length / 2)]).Warnings;
        Assert.DoesNotContain("0x", string.Join(' ', warnings), StringComparison.Ordinal);
        Assert.Contains(warnings, warning => warning.Name == RecordingWarning.Decoder);
    }

    [Fact]
    public void Tags_after_an_mp3_are_no_part_of_it()
    {
        var bytes = recordings.Read("frames.mp3", "-c:a libmp3lame -write_xing 0 -f mp3");
        byte[] tags = [.. "APETAGEX"u8, .. new byte[200], .. "TAG"u8, .. new byte[125]];
        Assert.DoesNotContain(Read([.. bytes, .. tags]).Warnings, IsTruncated);
    }

    [Fact]
    public void The_sound_of_a_cut_video_is_said_to_be_truncated()
    {
        foreach (var name in (string[])["video.mp4", "video.mkv", "video.mpg"])
        {
            var path = folder.PathOf(name);
            Ffmpeg.Run([
                .. (string[])["-f", "lavfi", "-i", EncodedRecordings.Noise],
                .. (string[])["-f", "lavfi", "-i", "testsrc=s=64x64:d=6", "-movflags", "+faststart", path],
            ]);
            var bytes = File.ReadAllBytes(path);
            Assert.DoesNotContain(Read(bytes).Warnings, IsTruncated);
            if (name != "video.mpg") // a stream of packets without sizes
                Assert.Contains(Read(bytes[..(bytes.Length * 6 / 10)]).Warnings, IsTruncated);
        }
    }

    [Fact]
    public void A_Sphere_file_says_how_many_samples_it_has()
    {
        var header =
            "NIST_1A\n   1024\nsample_count -i 16000\nsample_rate -i 16000\nchannel_count -i 1\n"
            + "sample_n_bytes -i 2\nsample_byte_format -s2 01\nsample_coding -s3 pcm\nend_head\n";
        byte[] bytes = [.. header.PadRight(1024).Select(character => (byte)character), .. new byte[32_000]];
        Assert.DoesNotContain(Read(bytes).Warnings, IsTruncated);
        Assert.Contains(Read(bytes[..20_000]).Warnings, IsTruncated);
    }

    private static bool IsTruncated(RecordingWarning warning) => warning.Name == RecordingWarning.Truncated;

    private static Waveform Read(byte[] bytes) =>
        AudioReader.ReadBytes(bytes, "upload", AudioLimits.None, CancellationToken.None);

    private static byte[] EncodeToPipe(string encoding)
    {
        using var process = Ffmpeg.Start([
            "-f",
            "lavfi",
            "-i",
            EncodedRecordings.Noise,
            .. encoding.Split(' '),
            "pipe:1",
        ]);
        var errors = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        errors.Wait();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.ToArray() : [];
    }
}
