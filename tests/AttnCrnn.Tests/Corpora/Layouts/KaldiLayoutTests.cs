using AttnCrnn.Testing.Corpora;

namespace AttnCrnn.Tests.Corpora.Layouts;

public sealed class KaldiLayoutTests : IDisposable
{
    private readonly CorpusTree tree = CorpusTree.Create("kaldi");

    public void Dispose() => tree.Dispose();

    [Fact]
    public void The_file_that_a_decoder_would_read_is_read_and_said()
    {
        Assert.Contains("1 of 1 recordings are the command that decodes", tree.ReadNotices(), StringComparison.Ordinal);
        Assert.Contains("3 sets (test, train, valid)", tree.ReadNotices(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sox wavs/u1.wav -t wav - speed 1.1 |")]
    [InlineData("cat wavs/u1.wav |")]
    [InlineData("touch RAN; cat wavs/u1.wav |")]
    [InlineData("flac -c -d -s wavs/u4.flac; touch RAN |")]
    [InlineData("flac -c -d -s $(touch RAN) |")]
    [InlineData("flac -c wavs/u4.flac |")]
    [InlineData("flac -d wavs/u4.flac |")]
    public void A_command_is_refused_by_line_and_never_run(string command)
    {
        tree.Write(
            "data/test/wav.scp",
            $"a wavs/u1.wav\nspk3-u4 {command.Replace("RAN", tree.PathOf("RAN"), StringComparison.Ordinal)}\n"
        );
        var error = tree.ReadError();
        Assert.Contains("in line 2", error, StringComparison.Ordinal);
        Assert.Contains("commands are not run", error, StringComparison.Ordinal);
        Assert.False(File.Exists(tree.PathOf("RAN")));
    }

    [Fact]
    public void Speakers_that_are_the_utterances_are_none_and_that_is_said()
    {
        tree.Write("data/train/utt2spk", "spk1-u1 spk1-u1\nspk1-u2 spk1-u2\n");
        Assert.All(tree.Read().Where(clip => clip.Split == "train"), clip => Assert.Equal("", clip.Speaker));
        Assert.Contains("the speakers are the 2 utterances", tree.ReadNotices(), StringComparison.Ordinal);
    }

    [Fact]
    public void Its_tables_are_not_said_to_be_left_out_nor_its_subsets_to_be_used_without_a_split()
    {
        Assert.DoesNotContain(".scp (", tree.ReadNotices(), StringComparison.Ordinal);
        Assert.Contains("subsets as listed there", tree.ReadNotices(), StringComparison.Ordinal);
        var notices = tree.ReadNotices(new() { Protocol = "none" });
        Assert.DoesNotContain("subsets as listed there", notices, StringComparison.Ordinal);
        Assert.Contains("are not used, as asked for", notices, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rec1 0.50 -1", "wavs/long.wav#0.5-")]
    [InlineData("rec1 0 2", "wavs/long.wav#0-2")]
    public void A_segment_ends_where_the_table_says(string segment, string expected)
    {
        tree.Write("data/valid/segments", $"spk2-u3 {segment}\n");
        Assert.Contains(expected, tree.Read().Select(clip => clip.Path));
    }

    [Theory]
    [InlineData("rec1 2 1")]
    [InlineData("rec9 0 1")]
    [InlineData("rec1 0")]
    [InlineData("rec1 zero 1")]
    public void An_invalid_segment_is_an_error_with_its_line(string segment)
    {
        tree.Write("data/valid/segments", $"spk2-u3 {segment}\n");
        Assert.Contains("in line 1", tree.ReadError(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_tag_of_another_word_than_an_emotion_is_no_label()
    {
        tree.Write("data/valid/text", "spk2-u3 <noise> WORDS\n");
        Assert.Equal("", tree.Read().Single(clip => clip.Split == "val").Label);
        Assert.Contains(
            "1 lines begin with a word that is no known emotion",
            tree.ReadNotices(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_data_folder_alone_finds_the_recordings_around_it()
    {
        var clips = AttnCrnn.Corpora.CorpusReader.Read([tree.PathOf("data")]).Clips;
        Assert.Equal(tree.ReadExpected(), tree.Describe(clips));
    }

    [Fact]
    public void A_folder_of_which_no_recording_is_there_is_an_error()
    {
        Directory.Delete(tree.PathOf("wavs"), recursive: true);
        Assert.Contains("none of the 4 recordings", tree.ReadError(), StringComparison.Ordinal);
    }
}
