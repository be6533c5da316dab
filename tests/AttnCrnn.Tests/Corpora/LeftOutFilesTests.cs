using AttnCrnn.Corpora;
using AttnCrnn.Formats.Wav;
using AttnCrnn.Prediction;
using AttnCrnn.Prediction.Recordings;

namespace AttnCrnn.Tests.Corpora;

/// <summary>A folder's files that are not read are counted, and recordings of every extension are read.</summary>
public sealed class LeftOutFilesTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(".3gp")]
    [InlineData(".AU")]
    [InlineData(".mka")]
    [InlineData(".caf")]
    [InlineData(".w64")]
    [InlineData(".m4b")]
    [InlineData(".weba")]
    [InlineData(".mp2")]
    [InlineData(".aif")]
    [InlineData(".wma")]
    [InlineData(".amr")]
    [InlineData(".sph")]
    public void Recordings_that_the_decoder_reads_are_found_in_a_folder(string extension)
    {
        WriteRecording("low", $"note{extension}");
        var clip = Assert.Single(CorpusReader.Read([folder.Path]).Clips);
        Assert.Equal("low", clip.Label);
        Assert.Single(PredictionInput.FromFolder(folder.Path));
    }

    [Fact]
    public void Other_files_are_counted_by_their_extensions()
    {
        WriteRecording("low", "1.wav");
        Write("low", "1.xyz");
        Write("low", "2.XYZ");
        Write("high", "3.doc");
        Write("high", "LICENSE");
        var expected =
            $"{folder.Path}: 4 files are left out: .xyz (2), no extension (1), .doc (1); "
            + "only recordings are read (.wav, .flac, .mp3, .mp4 and others)";
        Assert.Contains(expected, CorpusReader.Read([folder.Path]).Notices);
        var notices = new List<string>();
        Assert.Single(PredictionInputs.FromPath(folder.Path, notice: notices.Add));
        Assert.Equal([expected], notices);
    }

    [Fact]
    public void A_table_that_is_left_out_is_named_as_a_source()
    {
        WriteRecording("low", "1.wav");
        File.WriteAllText(folder.PathOf("labels.csv"), "path");
        Assert.Contains(
            $"; a table of clips is read if it is named itself, in place of the folder (for example "
                + $"{folder.PathOf("labels.csv")})",
            string.Join('\n', CorpusReader.Read([folder.Path]).Notices),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_folder_of_recordings_alone_has_no_such_notice()
    {
        WriteRecording("low", "1.wav");
        File.WriteAllText(folder.PathOf("SYNTHETIC.txt"), "");
        Assert.DoesNotContain(CorpusReader.Read([folder.Path]).Notices, notice =>
            notice.Contains("left out", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Documents_of_a_known_corpus_do_not_count()
    {
        for (var actor = 1; actor <= 4; actor++)
            WriteRecording($"Actor_0{actor}", $"03-01-05-01-01-01-0{actor}.wav");
        Write("Actor_01", "README.txt");
        Write("Actor_01", "03-01-05-01-01-01-01.xyz");
        var notice = Assert.Single(CorpusReader.Read([folder.Path]).Notices, notice =>
            notice.Contains("left out", StringComparison.Ordinal)
        );
        Assert.StartsWith($"{folder.Path}: 1 file is left out: .xyz (1);", notice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_recordings_says_what_it_has()
    {
        Write("low", "1.xyz");
        Assert.Contains(
            "1 file is left out: .xyz (1)",
            Assert.Throws<InvalidInputException>(() => CorpusReader.Read([folder.Path])).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "1 file is left out: .xyz (1)",
            Assert.Throws<InvalidInputException>(() => PredictionInput.FromFolder(folder.Path)).Message,
            StringComparison.Ordinal
        );
    }

    private void WriteRecording(string label, string name)
    {
        Directory.CreateDirectory(folder.PathOf(label));
        WavWriter.Write(folder.PathOf(label, name), new float[1600], 16_000);
    }

    private void Write(string label, string name)
    {
        Directory.CreateDirectory(folder.PathOf(label));
        File.WriteAllText(folder.PathOf(label, name), "text");
    }
}
