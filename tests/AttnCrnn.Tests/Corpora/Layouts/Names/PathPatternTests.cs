using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Layouts.Names;
using AttnCrnn.Formats.Wav;
using AttnCrnn.Options;

namespace AttnCrnn.Tests.Corpora.Layouts.Names;

public sealed class PathPatternTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("{speaker}/{label}/*", "s1/sad/x.wav", "sad s1 ")]
    [InlineData("{speaker}/{label}/*", "s1/sad/deep/x.wav", null)]
    [InlineData("{label}/**", "sad/s1/x.wav", "sad  ")]
    [InlineData("**/{label}/*", "a/b/sad/x.wav", "sad  ")]
    [InlineData("{split}/{label}/*", "train/sad/x.wav", "sad  train")]
    [InlineData("{speaker}_{label}_*", "a/s1_sad_02.wav", "sad s1 ")]
    [InlineData("{speaker}_{label}", "a/s1_sad.wav", "sad s1 ")]
    [InlineData("{label}.flac", "a/sad.wav", null)]
    [InlineData(@"^(?<speaker>\d\d)[ab]\d\d(?<label>[A-Z])", "wav/03a01Fa.wav", "F 03 ")]
    [InlineData(@"(?P<label>angry|sad)", "x/sad_1.wav", "sad  ")]
    [InlineData(@"(?<label>sad)(?=_1)", "x/sad_1.wav", "sad  ")]
    public void A_pattern_gives_the_parts_of_a_path(string pattern, string path, string? expected)
    {
        var match = PathPattern.Parse(pattern, OptionKeys.LabelsFrom, "label").Match(path, isRelative: true);
        Assert.Equal(expected, match is null ? null : $"{match.Label} {match.Speaker} {Manifest.GetName(match.Split)}");
    }

    [Fact]
    public void The_end_of_a_path_without_a_folder_that_is_read_matches() =>
        Assert.Equal(
            "sad",
            PathPattern
                .Parse("{speaker}/{label}/*", OptionKeys.LabelsFrom, "label")
                .Match("/home/x/s1/sad/1.wav", isRelative: false)!
                .Label
        );

    [Theory]
    [InlineData("label")]
    [InlineData("{speaker}/*")]
    [InlineData("(?<speaker>s1)")]
    [InlineData("(?<label>")]
    [InlineData("")]
    public void Other_texts_are_refused_with_an_example(string pattern) =>
        Assert.Contains(
            "{speaker}/{label}/*",
            Assert
                .Throws<InvalidOptionsException>(() => PathPattern.Parse(pattern, OptionKeys.LabelsFrom, "label"))
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_pattern_wins_over_the_reader_of_a_corpus_and_says_how_many_match()
    {
        Add("wav", "03a01Fa.wav");
        Add("wav", "08b02Na.wav");
        Add("wav", "16b10Lb.wav");
        var corpus = CorpusReader.Read([folder.Path], CorpusReadOptions.Default with { LabelsFrom = "03a01{label}a" });
        Assert.Equal(
            [("F", "emodb_03"), (null, "emodb_08"), (null, "emodb_16")],
            corpus.Clips.Select(clip => (clip.Label, clip.Speaker))
        );
        Assert.Contains(corpus.Notices, notice =>
            notice.StartsWith("labels_from 03a01{label}a: 1 labels of 1 clips (F)", StringComparison.Ordinal)
            && notice.Contains("2 paths do not match", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Speakers_of_a_table_and_of_a_recording_come_from_their_paths_as_asked_for()
    {
        Add("s1", "x.wav");
        File.WriteAllText(folder.PathOf("clips.csv"), "path,label,speaker\ns1/x.wav,sad,other\n");
        var options = CorpusReadOptions.Default with { SpeakersFrom = "{speaker}/*" };
        foreach (var source in (string[])["clips.csv", "s1/x.wav"])
            Assert.Equal("s1", Assert.Single(CorpusReader.Read([folder.PathOf(source)], options).Clips).Speaker);
    }

    [Fact]
    public void A_pattern_that_matches_nothing_is_an_error()
    {
        Add("angry", "x.wav");
        var options = CorpusReadOptions.Default with { LabelsFrom = "{speaker}/{label}/*" };
        Assert.Contains(
            "matches none of 1 paths",
            Assert.Throws<InvalidInputException>(() => CorpusReader.Read([folder.Path], options)).Message,
            StringComparison.Ordinal
        );
    }

    private void Add(string name, string file)
    {
        Directory.CreateDirectory(folder.PathOf(name));
        WavWriter.Write(folder.PathOf(name, file), new float[1600], 16_000);
    }
}
