using AttnCrnn.Corpora.Manifests;

namespace AttnCrnn.Tests.Corpora.Manifests;

public sealed class ManifestTimeTests : IDisposable
{
    private readonly ManifestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("1.25", 1.25)]
    [InlineData("0", 0.0)]
    [InlineData("1e-3", 0.001)]
    [InlineData("0,5", 0.5)]
    [InlineData(".5", 0.5)]
    [InlineData("1.5s", 1.5)]
    [InlineData("250 ms", 0.25)]
    [InlineData("0 days 00:00:01.898250", 1.89825)]
    [InlineData("0 days 00:00:01.898250123", 1.898250123)]
    [InlineData("0 days", 0.0)]
    [InlineData("0 days 00:01:02", 62.0)]
    [InlineData("0 days +01:00:02.5", 3602.5)]
    [InlineData("1 day 00:00:01", 86401.0)]
    [InlineData("00:01:02.5", 62.5)]
    [InlineData("01:02,5", 62.5)]
    [InlineData("P0DT0H0M1.89825S", 1.89825)]
    [InlineData("PT1.25S", 1.25)]
    [InlineData(" PT0,5S ", 0.5)]
    [InlineData("P1DT2H3M4S", 93784.0)]
    [InlineData("PT90M", 5400.0)]
    [InlineData("P1D", 86400.0)]
    [InlineData("", null)]
    [InlineData("NaT", null)]
    [InlineData("nan", null)]
    [InlineData("None", null)]
    [InlineData("<NA>", null)]
    public void Times_are_read_as_programs_write_them(string cell, double? seconds)
    {
        Assert.Equal(seconds, ManifestTime.Parse(cell));
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-0.5")]
    [InlineData("-1 days +23:59:59")]
    [InlineData("1e9")]
    [InlineData("1:2:3:4")]
    [InlineData("0 days00:00:01")]
    [InlineData("00:01:250 ms")]
    [InlineData("1.2.3")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("P1DT")]
    [InlineData("PT5")]
    [InlineData("P1S")]
    [InlineData("P1Y")]
    [InlineData("P1M")]
    [InlineData("PT-1S")]
    [InlineData("Play")]
    public void Other_times_are_refused_with_their_line(string cell)
    {
        var exception = Assert.Throws<InvalidFileException>(() => folder.Read($"path;start\na.wav;1\nb.wav;{cell}\n"));
        Assert.Contains("as start in line 3", exception.Found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("path,start,end\na.wav,0.5,NaT\n", 0.5, null)]
    [InlineData("path,start,end\na.wav,0.5,\n", 0.5, null)]
    [InlineData("path,start,end\na.wav,0.5,-1\n", 0.5, null)]
    [InlineData("path,start,stop\na.wav,0 days 00:00:00.034000,0 days 00:00:04.702000\n", 0.034, 4.702)]
    [InlineData("path,start,duration\na.wav,1.5,0.25\n", 1.5, 1.75)]
    [InlineData("path,start,end,duration\na.wav,1.5,2,0.25\n", 1.5, 2.0)]
    [InlineData("path,duration\na.wav,0.25\n", null, null)]
    [InlineData("path,start,duration\na.wav,,0.25\n", null, null)]
    [InlineData("path;start;end\na.wav;0,5;1,25\n", 0.5, 1.25)]
    [InlineData("audio_filepath,offset,duration\na.wav,2.0,1.5\n", 2.0, 3.5)]
    public void Segments_have_a_start_and_an_end_or_a_duration(string text, double? start, double? end)
    {
        var clip = Assert.Single(folder.Read(text).Clips);
        Assert.Equal((start, end), (clip.StartSeconds, clip.EndSeconds));
    }

    [Theory]
    [InlineData("path,start,end\na.wav,0,1\nb.wav,2,1\n", "start 2 and end 1 in line 3")]
    [InlineData("path,start,stop\na.wav,1.5,1.5\n", "start 1.5 and end 1.5 in line 2")]
    [InlineData("path,start,duration\na.wav,1.5,0\n", "start 1.5 and end 1.5 in line 2")]
    public void An_end_that_is_not_after_the_start_is_refused_with_its_line(string text, string found)
    {
        Assert.Equal(found, Assert.Throws<InvalidFileException>(() => folder.Read(text)).Found);
    }
}
