using AttnCrnn.Audio;
using AttnCrnn.Corpora;
using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.Features.Shards;
using AttnCrnn.Tests.Formats.Wav;

namespace AttnCrnn.Tests.Features;

/// <summary>Frames depend on the channel of a recording, and stores know which was read.</summary>
public sealed class ChannelExtractionTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly LogMelEncoder encoder = new();

    private string StoreFolder => folder.PathOf("store");

    public void Dispose()
    {
        encoder.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Another_channel_of_an_unchanged_recording_is_read()
    {
        Clip[] clips = [WriteClip()];
        var mix = Extract(clips, AudioChannel.Mix);
        Assert.Equal(1, Run(clips, AudioChannel.Mix).AlreadyStored);
        var second = Extract(clips, AudioChannel.FromNumber(2));
        var loudest = Extract(clips, AudioChannel.Loudest);
        Assert.NotEqual(mix, second);
        Assert.Equal(second, loudest);
        Assert.Equal(mix, Extract(clips, AudioChannel.Mix));
        Assert.Equal(1, Run(clips, AudioChannel.Mix).AlreadyStored);
    }

    [Fact]
    public void The_channel_of_a_clip_takes_precedence_and_is_part_of_its_identity()
    {
        var clip = WriteClip();
        Clip[] clips =
        [
            clip with
            {
                Channel = AudioChannel.FromNumber(1),
                Speaker = "caller",
            },
            clip with
            {
                Channel = AudioChannel.FromNumber(2),
                Speaker = "agent",
            },
        ];
        Run(clips, AudioChannel.Loudest);
        using var store = FeatureStore.Open([StoreFolder]);
        Assert.Equal(["caller", "agent"], store.Clips.Select(stored => stored.Speaker));
        Assert.Equal([1, 2], store.Clips.Select(stored => stored.Channel!.Value.Number!.Value));
        Assert.Equal(2, store.Clips.Select(stored => stored.Key).Distinct().Count());
        Assert.Equal(2, Run(clips, AudioChannel.Mix).AlreadyStored); // the option does not concern them
    }

    [Fact]
    public void The_frames_of_a_store_without_channels_are_those_of_the_mean()
    {
        Clip[] clips = [WriteClip()];
        Run(clips, AudioChannel.Mix);
        var index = Directory.GetFiles(StoreFolder, "part-*.csv").Single();
        var lines = File.ReadAllLines(index);
        var channel = lines[0].Split(',').IndexOf("channel"); // clip_channel follows
        File.WriteAllLines(
            index,
            lines
                .Select(line => line.Split(','))
                .Select(cells => string.Join(',', cells[..channel].Concat(cells[(channel + 2)..])))
        );
        var entry = Assert.Single(ShardIndex.ReadAll(StoreFolder));
        Assert.Equal((AudioChannel.Mix, null), (entry.Channel, entry.ClipChannel));
        Assert.Equal(1, Run(clips, AudioChannel.Mix).AlreadyStored);
        Assert.Equal(0, Run(clips, AudioChannel.FromNumber(1)).AlreadyStored);
    }

    [Fact]
    public void A_channel_that_a_recording_does_not_have_makes_the_clip_invalid()
    {
        Clip[] clips = [WriteClip()];
        var report = Run(clips, AudioChannel.FromNumber(3));
        Assert.Contains(
            "channel 3 was asked for",
            Assert.Single(report.Errors).Message.ToString(),
            StringComparison.Ordinal
        );
        var audit = CorpusAudit.Audit(clips, new() { Channel = AudioChannel.FromNumber(3) });
        Assert.Contains(
            "channel 3 was asked for",
            Assert.Single(audit.Errors).Message.ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_silent_channel_is_a_warning_of_extraction_and_audit()
    {
        var path = folder.PathOf("half.wav");
        File.WriteAllBytes(path, SyntheticWav.FromChannels([CreateTone(300, 0.2f), new float[8000]], 16_000));
        Clip[] clips = [new(path, "angry", "a")];
        Assert.StartsWith("channel 2 of 2 is silent", Assert.Single(Run(clips, default).Warnings).Message.ToString());
        Assert.StartsWith("channel 2 of 2 is silent", Assert.Single(Audit(default).Warnings).Message.ToString());
        Assert.Empty(Audit(AudioChannel.Loudest).Warnings);

        AuditReport Audit(AudioChannel channel) =>
            CorpusAudit.Audit(
                clips,
                new()
                {
                    Channel = channel,

                    DetectsSpeech = false,
                }
            );
    }

    private Clip WriteClip()
    {
        var path = folder.PathOf("stereo.wav");
        File.WriteAllBytes(
            path,
            SyntheticWav.FromChannels([CreateTone(300, 0.1f), CreateTone(900, 0.4f)], Waveform.SampleRateHz)
        );
        return new(path, "angry", null);
    }

    private string Extract(IReadOnlyList<Clip> clips, AudioChannel channel)
    {
        var report = Run(clips, channel);
        Assert.Equal((1, 0), (report.Written, report.AlreadyStored));
        using var store = FeatureStore.Open([StoreFolder]);
        return Assert.Single(store.Clips).Key;
    }

    private ExtractionReport Run(IReadOnlyList<Clip> clips, AudioChannel channel)
    {
        var options = new ExtractionOptions(StoreFolder)
        {
            Channel = channel,

            MaxInvalidFraction = 1,
        };
        return new FeatureExtractor(encoder, options, TimeProvider.System).Run(clips, synthetic: false);
    }

    private static float[] CreateTone(double hertz, float level) =>
        [
            .. Enumerable
                .Range(0, Waveform.SampleRateHz / 2)
                .Select(i => level * (float)Math.Sin(2 * Math.PI * hertz * i / Waveform.SampleRateHz)),
        ];
}
