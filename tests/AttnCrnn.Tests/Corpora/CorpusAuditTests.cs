using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.Formats;
using AttnCrnn.Formats.Numpy;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.Tests.Corpora;

/// <summary>Speech and durations in an audit, and in the manifest that is written from it.</summary>
public sealed class CorpusAuditTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Clips_without_speech_are_named_and_every_clip_has_its_seconds_of_speech()
    {
        var sounds = NpzFile.Read(Fixtures.Path("vad", "expected.npz"));
        Clip[] clips =
        [
            .. ((string[])["voice", "chord", "noise", "silence_voice_silence"]).Select(sound =>
                Write($"{sound}.wav", sounds[$"{sound}/waveform"].ToSingles())
            ),
            new(folder.PathOf("nowhere.wav"), null, null),
        ];
        var audit = CorpusAudit.Audit(clips, new());
        Assert.Equal(
            ["chord.wav", "noise.wav"],
            from finding in audit.Warnings
            where finding.Name == RecordingWarning.NoSpeech
            select Path.GetFileName(finding.Path)
        );
        Assert.Equal([true, false, false, true, false], audit.SpeechSeconds.Select(seconds => seconds > 0.5));
        Assert.Null(audit.SpeechSeconds[^1]);
        var manifest = folder.PathOf("clips.csv");
        Manifest.Write(manifest, clips, audit.SpeechSeconds);
        var lines = File.ReadAllLines(manifest);
        Assert.EndsWith(",speech_s", lines[0], StringComparison.Ordinal);
        Assert.EndsWith(",0", lines[2], StringComparison.Ordinal);
        Assert.EndsWith(",", lines[5], StringComparison.Ordinal);
        Assert.Equal(clips, Manifest.Read(manifest));
    }

    [Fact]
    public void Speech_is_not_looked_for_unless_asked()
    {
        Clip[] clips = [Write("silence.wav", new float[16_000])];
        var audit = CorpusAudit.Audit(clips, new() { DetectsSpeech = false });
        Assert.Equal([null], audit.SpeechSeconds);
        Assert.Equal([RecordingWarning.Silent], audit.Warnings.Select(finding => finding.Name));
    }

    [Theory]
    [InlineData("300 s, where half of the clips are 3 s or shorter", 3.0, 3.0, 300.0, 3.0)]
    [InlineData("40.5 s, where half of the clips are 2.5 s or shorter", 1.0, 40.5, 2.25, 2.5, 5.0)]
    public void A_clip_that_is_much_longer_than_the_others_is_named(string message, params double[] seconds)
    {
        var (index, warning) = Assert.Single(ClipDurations.FindVeryLong(seconds));
        Assert.Equal(seconds.Max(), seconds[index]);
        Assert.Equal(new(RecordingWarning.VeryLong, $"very long: {message}"), warning);
    }

    [Theory]
    [InlineData(3.0, 3.0, 30.0, 3.0)] // not more than 10 times
    [InlineData(0.5, 0.5, 9.0, 0.5)] // costs little
    [InlineData(1.0, 100.0)] // no median
    [InlineData(300.0, 310.0, 290.0)]
    public void Other_corpora_have_no_such_clip(params double[] seconds) =>
        Assert.Empty(ClipDurations.FindVeryLong(seconds));

    [Fact]
    public void A_long_clip_is_named_by_the_audit_and_by_the_extraction()
    {
        Clip[] clips =
        [
            Write("a.wav", Tone(1)),
            Write("long.wav", Tone(20.5)),
            Write("b.wav", Tone(1.1)),
            Write("c.wav", Tone(1.2)),
        ];
        var audit = CorpusAudit.Audit(clips, new() { DetectsSpeech = false });
        var expected = Assert.Single(audit.Warnings);
        Assert.Equal((clips[1].Path, RecordingWarning.VeryLong), (expected.Path, expected.Name));
        for (var time = 0; time < 2; time++) // the second time, nothing is read
        {
            using var encoder = new LogMelEncoder();
            var extractor = new FeatureExtractor(encoder, new(folder.PathOf("store")), TimeProvider.System);
            var warning = Assert.Single(extractor.Run(clips, synthetic: true).Warnings);
            Assert.Equal((expected.Path, expected.Message.ToString()), (warning.Path, warning.Message.ToString()));
        }
    }

    [Fact]
    public void A_finding_about_a_segment_names_it()
    {
        var recording = Write("a.wav", [.. Tone(1), .. new float[16_000]]);
        Clip[] clips =
        [
            recording with
            {
                EndSeconds = 1,
            },
            recording with
            {
                StartSeconds = 1.25,
            },
            recording with
            {
                StartSeconds = 5,
                EndSeconds = 6,
            },
        ];
        var audit = CorpusAudit.Audit(clips, new() { DetectsSpeech = false });
        Assert.Equal(
            (recording.Path, "from 1.25 s: silent: all samples are equal"),
            (audit.Warnings[0].Path, audit.Warnings[0].Message.ToString())
        );
        Assert.StartsWith("from 5 to 6 s: ", Assert.Single(audit.Errors).Message.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_recordings_in_two_subsets_or_with_two_labels_are_named_with_what_train_does()
    {
        var tone = Tone(1);
        Clip[] clips =
        [
            Write("a.wav", tone),
            Write("b.wav", tone) with
            {
                Split = Subset.Train,
            },
            Write("c.wav", tone) with
            {
                Split = Subset.Test,
            },
            Write("d.wav", tone) with
            {
                Label = "y",
            },
        ];
        var warnings = CorpusAudit.Audit(clips, new() { DetectsSpeech = false }).Warnings;
        const string remedy = "train refuses them: correct the manifest, or remove one of them";
        Assert.Equal(
            [
                $"identical audio to {clips[0].Path}",
                $"identical audio to {clips[1].Path}, but in the subset test and not train; {remedy}",
                $"identical audio to {clips[0].Path}, but labeled y and not x; {remedy}",
            ],
            warnings.Select(warning => warning.Message.ToString())
        );
    }

    private static float[] Tone(double seconds) =>
        [
            .. Enumerable
                .Range(0, (int)(seconds * 16_000))
                .Select(i => 0.3f * MathF.Sin(i * (float)(0.1 + seconds / 99))),
        ];

    private Clip Write(string name, float[] samples)
    {
        var path = folder.PathOf(name);
        WavWriter.Write(path, samples, 16_000);
        return new(path, "x", null);
    }
}
