using AttnCrnn.Cli.Commands;
using AttnCrnn.Corpora;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.Tests.Cli;

public sealed class CorpusTableTests
{
    [Fact]
    public async Task A_pipe_gets_a_line_per_corpus_with_all_columns()
    {
        var (code, output, _) = await InProcessProgram.RunAsync("corpus", "--list");
        var lines = output.TrimEnd().Split('\n');
        Assert.Equal((0, KnownCorpora.Descriptions.Count + 1), (code, lines.Length));
        Assert.Matches("^corpus +speakers +labels +languages +license +split +protocols$", lines[0].TrimEnd());
        Assert.Contains(lines, line =>
            line.StartsWith("RAVDESS ", StringComparison.Ordinal)
            && line.TrimEnd().EndsWith("audeering, emobox1…6", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData(20)]
    [InlineData(40)]
    [InlineData(80)]
    public void A_narrow_terminal_gets_fewer_columns(int width)
    {
        var lines = CorpusTable.Format(KnownCorpora.Descriptions, width).ToList();
        Assert.All(lines, line => Assert.True(line.Length <= width, line));
        Assert.StartsWith("corpus", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_that_is_known_of_a_corpus_is_printed()
    {
        var (code, output, _) = await InProcessProgram.RunAsync("corpus", "--list", "emo-db");
        Assert.Equal(0, code);
        foreach (
            var text in (string[])["corpus      EMO-DB", "speakers    10", "test 12 14 15 16", "Burkhardt", "free (CC0"]
        )
            Assert.Contains(text, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("oreau", "Oréau")]
    [InlineData("eNTERFACE05", "eNTERFACE'05")]
    [InlineData("cremad", "CREMA-D")]
    [InlineData("EmoVDB", "EmoV-DB")]
    [InlineData("msp podcast", "MSP-Podcast")]
    public async Task A_corpus_is_found_without_accents_and_punctuation(string name, string corpus)
    {
        var (code, output, _) = await InProcessProgram.RunAsync("corpus", "--list", name);
        Assert.Equal(0, code);
        Assert.StartsWith($"corpus      {corpus}\n", output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CREMA-D", "label kind  intended (default), perceived")]
    [InlineData("MSP-IMPROV", "label kind  intended, perceived (default)")]
    [InlineData("IEMOCAP", "presets     iemocap4, iemocap6")]
    [InlineData("MSP-Podcast", "votes       of several raters")]
    public async Task Label_kinds_votes_and_presets_are_printed_where_there_are_any(string name, string line)
    {
        var (_, output, _) = await InProcessProgram.RunAsync("corpus", "--list", name);
        Assert.Contains(line, output, StringComparison.Ordinal);
        var (_, others, _) = await InProcessProgram.RunAsync("corpus", "--list", "TESS");
        Assert.DoesNotContain(line[..11], others, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_clips_that_a_preset_leaves_out_are_counted_by_label()
    {
        using var folder = new TempFolder();
        foreach (var name in (string[])["sad/1", "boredom/1", "boredom/2", "contempt/1"])
            WavWriter.Write(folder.PathOf($"{name}.wav".Split('/')), new float[16_000], 16_000);
        var (_, output, error) = await InProcessProgram.RunAsync("corpus", folder.Path, "--preset", "six", "--no_vad");
        Assert.Contains(
            "3 of 4 clips are left out, since their labels are no class: boredom (2), contempt (1)",
            output + error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_unknown_name_gets_those_that_are_known()
    {
        var (code, _, error) = await InProcessProgram.RunAsync("corpus", "--list", "unheard");
        Assert.Equal(3, code);
        Assert.Contains("AESDD, ASVP-ESD", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_source_and_without_the_list_it_is_a_usage_error()
    {
        var (code, _, error) = await InProcessProgram.RunAsync("corpus");
        Assert.Equal(2, code);
        Assert.Contains("no SOURCE", error, StringComparison.Ordinal);
    }
}
