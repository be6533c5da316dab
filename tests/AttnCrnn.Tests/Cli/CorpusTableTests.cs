using AttnCrnn.Cli.Commands;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Corpora;

namespace AttnCrnn.Tests.Cli;

public sealed class CorpusTableTests
{
    [Fact]
    public async Task A_pipe_gets_a_line_per_corpus_with_all_columns()
    {
        var (code, output, _) = await RunAsync("corpus", "--list");
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
        var (code, output, _) = await RunAsync("corpus", "--list", "emo-db");
        Assert.Equal(0, code);
        foreach (
            var text in (string[])["corpus    EMO-DB", "speakers  10", "test 12 14 15 16", "Burkhardt", "free (CC0"]
        )
            Assert.Contains(text, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_name_gets_those_that_are_known()
    {
        var (code, _, error) = await RunAsync("corpus", "--list", "unheard");
        Assert.Equal(3, code);
        Assert.Contains("AESDD, ASVP-ESD", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_source_and_without_the_list_it_is_a_usage_error()
    {
        var (code, _, error) = await RunAsync("corpus");
        Assert.Equal(2, code);
        Assert.Contains("no SOURCE", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Application.RunAsync(arguments, new ConsoleOutput(output, error));
        return (code, output.ToString(), error.ToString());
    }
}
