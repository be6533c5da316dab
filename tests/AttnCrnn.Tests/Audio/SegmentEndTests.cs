using AttnCrnn.Audio;
using AttnCrnn.Corpora;
using AttnCrnn.Formats;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.Tests.Audio;

/// <summary>A segment that ends after its recording is read to the end, and said, whatever reads it.</summary>
public sealed class SegmentEndTests : IDisposable
{
    private const string Text =
        "its segment ends at 9 s, and the recording at 1 s: it is read to the end of the recording";

    private readonly TempFolder folder = new();

    public SegmentEndTests() => WavWriter.Write(Path, ToneClipBuilder.Tone(16), 16_000);

    private string Path => folder.PathOf("a.wav");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(9.0, true)]
    [InlineData(1.051, true)]
    [InlineData(1.05, false)]
    [InlineData(1.0, false)]
    [InlineData(null, false)]
    public void It_is_a_warning_if_it_ends_more_than_50_ms_later(double? end, bool expected)
    {
        var waveform = AudioReader.Read(Path, 0.5, end);
        Assert.Equal(8_000, waveform.Samples.Length);
        Assert.Equal(expected, waveform.Warnings.Any(warning => warning.Name == RecordingWarning.SegmentEnd));
    }

    [Fact]
    public void Windows_and_parts_of_a_recording_have_the_warning_once()
    {
        var options = new AudioReadOptions { EndSeconds = 9 };
        var divided = AudioReader.ReadDivided(AudioInput.Open(Path, AudioLimits.None), options, CancellationToken.None);
        Assert.Equal(Text, Assert.Single(divided.FileWarnings).Text);
        IReadOnlyList<RecordingWarning> warnings = [];
        var windows = new AudioWindows(0.25, 0.25) { SegmentEndSeconds = 9 }.Read(
            () => AudioInput.Open(Path, AudioLimits.None),
            AudioLimits.None,
            CancellationToken.None,
            ofFile => warnings = ofFile
        );
        Assert.Equal(4, windows.Count());
        Assert.Equal(Text, Assert.Single(warnings).Text);
    }

    [Fact]
    public void An_audit_has_the_warning_and_an_error_of_a_segment_that_starts_later()
    {
        Clip[] clips = [new(Path, "x", null, EndSeconds: 9), new(Path, "x", null, StartSeconds: 3, EndSeconds: 4)];
        var audit = CorpusAudit.Audit(clips, new() { DetectsSpeech = false });
        Assert.EndsWith(Text, Assert.Single(audit.Warnings).Message.ToString(), StringComparison.Ordinal);
        Assert.Contains(
            "found 1 s of audio, expected a segment from 3 s to 4 s",
            Assert.Single(audit.Errors).Message.ToString(),
            StringComparison.Ordinal
        );
    }
}
