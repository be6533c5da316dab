namespace AttnCrnn.Tests.Corpora.Manifests;

public sealed class SegmentColumnsTests : IDisposable
{
    private readonly ManifestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("onset,offset", "0.1,1.1", 0.1, 1.1)]
    [InlineData("offset,duration", "0.1,1.0", 0.1, 1.1)]
    [InlineData("begin,end", "0.1,1.1", 0.1, 1.1)]
    [InlineData("begin,finish", "0.1,1.1", 0.1, 1.1)]
    [InlineData("start_s,end_s", "0.1,1.1", 0.1, 1.1)]
    [InlineData("StartTime,EndTime", "0.1,1.1", 0.1, 1.1)]
    [InlineData("tmin,tmax", "0.1,1.1", 0.1, 1.1)]
    [InlineData("xmin,xmax", "0.1,1.1", 0.1, 1.1)]
    [InlineData("start_ms,end_ms", "100,1100", 0.1, 1.1)]
    [InlineData("start_ms,end_ms", "100,-1", 0.1, null)]
    [InlineData("start_ms,end_ms", "0.1s,1100ms", 0.1, 1.1)]
    [InlineData("start_ms,duration_ms", "100,1000", 0.1, 1.1)]
    public void Segments_have_the_names_that_other_tools_use(string header, string cells, double start, double? end)
    {
        var (clips, notices) = folder.Read($"path,{header}\na.wav,{cells}\n");
        Assert.Equal(start, clips[0].StartSeconds);
        Assert.Equal(end is null, clips[0].EndSeconds is null);
        Assert.Equal(end ?? 0, clips[0].EndSeconds ?? 0, 1e-9);
        Assert.Empty(notices);
    }

    [Fact]
    public void Milliseconds_with_a_comma_are_refused()
    {
        var error = Assert.Throws<InvalidFileException>(() => folder.Read("path,start_ms\na.wav,\"1,000\"\n"));
        Assert.Equal(("'1,000' as start_ms in line 2", "milliseconds as in 1250"), (error.Found, error.Expected));
    }

    [Fact]
    public void Of_an_offset_beside_an_onset_and_an_end_it_is_said_that_the_end_is_used()
    {
        var (clips, notices) = folder.Read("path,onset,offset,end\na.wav,0.1,1.1,1.4\n");
        Assert.Equal((0.1, 1.4), (clips[0].StartSeconds, clips[0].EndSeconds));
        Assert.Equal("clips.csv: columns end and offset both name the end: end is used", Assert.Single(notices));
    }

    [Fact]
    public void An_end_beside_what_may_be_its_start_is_refused_by_name()
    {
        var error = Assert.Throws<InvalidFileException>(() => folder.Read("path,time_in,end\na.wav,0.1,1.1\n"));
        Assert.Contains("ends of segments as end, and 'time_in'", error.Found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("path,end\na.wav,1.1\n")]
    [InlineData("path,timestamp,end\na.wav,1690000,1.1\n")]
    [InlineData("path,start_words,end\na.wav,so it begins,1.1\n")]
    public void An_end_alone_is_that_of_a_segment_from_the_start_of_the_recording(string text)
    {
        var (clips, _) = folder.Read(text);
        Assert.Equal((null, 1.1), (clips[0].StartSeconds, clips[0].EndSeconds));
    }

    [Fact]
    public void Times_that_are_not_used_are_said_with_the_consequence()
    {
        var (_, notices) = folder.Read("path,time_in,time_out\na.wav,0.1,1.1\nb.wav,0.2,\n");
        Assert.Equal(
            "clips.csv: each clip is a whole recording, since time_in, time_out are not used: name the times of "
                + "segments start and end (in ms: start_ms and end_ms)",
            notices[0]
        );
        Assert.Equal("2 columns of clips.csv are not used: time_in, time_out", notices[1]);
    }
}
