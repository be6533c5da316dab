using AttnCrnn.Features;
using AttnCrnn.Formats;
using AttnCrnn.Runs;

namespace AttnCrnn.Tests.Runs;

public sealed class LongClipWarningsTests
{
    [Fact]
    public void A_clip_of_minutes_is_named_with_what_it_takes()
    {
        var warning = Assert.Single(LongClipWarnings.Find([Clip(3), Clip(3), Clip(300), Clip(3.5)]));
        Assert.Equal(("300.wav", RecordingWarning.VeryLong), (warning.Path, warning.Name));
        Assert.Equal(
            "very long: 300 s, where half of the clips are 3 s or shorter: its 30000 frames take about 0.21 GB in a "
                + "batch, and at least the time of 100 of the others",
            warning.Message.ToString()
        );
    }

    [Fact]
    public void Clips_of_unknown_duration_are_not_compared()
    {
        Assert.Empty(LongClipWarnings.Find([]));
        Assert.Empty(LongClipWarnings.Find([.. Enumerable.Repeat(Clip(0), 9), Clip(300)]));
    }

    private static StoredClip Clip(double seconds) =>
        new("", $"{seconds}.wav", "sad", null, null, null, null, (int)(100 * seconds), seconds, "");
}
