using AttnCrnn.Formats.Wav;

namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>What a terminal shows of results that are prose: lines that break between words.</summary>
[Requires("unix", "tmux")]
public sealed class ResultTerminalTests : IDisposable
{
    private readonly TempFolder folder = new();

    public ResultTerminalTests()
    {
        foreach (var name in (string[])["1001_DFA_ANG_XX", "1001_DFA_SAD_XX", "1002_DFA_ANG_XX", "1002_DFA_SAD_XX"])
            WavWriter.Write(folder.PathOf("clips", $"{name}.wav"), LogMelModels.Sweep(1.2), 16_000);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_summary_of_extract_breaks_between_words()
    {
        string[] arguments = ["extract", "clips", "--encoder", "log-mel", "--out"];
        var (code, output, error) = BuiltProgram.Run(folder.Path, [.. arguments, "first"]);
        Assert.True(code == 0, error);

        var screen = await ShowAsync(40, [.. arguments, "other"]);

        var summary = Assert.Single(output.TrimEnd('\n').Split('\n'));
        Assert.EndsWith(", in first", summary, StringComparison.Ordinal);
        Assert.Contains(summary.Replace("first", "other", StringComparison.Ordinal), screen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_prediction_as_text_breaks_between_words()
    {
        LogMelModels.Write(folder.PathOf("model.keras"));
        string[] arguments = ["predict", "model.keras", Path.Combine("clips", "1001_DFA_ANG_XX.wav")];
        var (code, output, error) = BuiltProgram.Run(folder.Path, arguments);
        Assert.True(code == 0, error);

        var screen = await ShowAsync(72, arguments);

        Assert.Contains(NormalizeSpaces(output), screen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_prediction_as_JSON_is_not_wrapped()
    {
        LogMelModels.Write(folder.PathOf("model.keras"));
        string[] arguments = ["predict", "model.keras", Path.Combine("clips", "1001_DFA_ANG_XX.wav"), "--json"];
        var (code, output, error) = BuiltProgram.Run(folder.Path, arguments);
        Assert.True(code == 0, error);
        using var terminal = new TerminalSession(folder.Path, 72, arguments);

        var screen = await terminal.WaitForExitAsync();

        Assert.Equal(output[..72], screen[0]); // the terminal itself breaks the line
    }

    [Fact]
    public async Task The_citation_of_a_corpus_breaks_between_words()
    {
        var (code, output, error) = BuiltProgram.Run(folder.Path, "corpus", "clips");
        Assert.True(code == 0, error);

        var screen = await ShowAsync(60, ["corpus", "clips"]);

        foreach (var start in (string[])["CREMA-D: 4 clips", "cite ", "license "])
        {
            var line = Assert.Single(output.Split('\n'), line => line.StartsWith(start, StringComparison.Ordinal));
            Assert.Contains(NormalizeSpaces(line), screen, StringComparison.Ordinal);
        }
    }

    /// <summary>The words on a terminal, each in one line of it, with a space between them.</summary>
    private async Task<string> ShowAsync(int columns, string[] arguments)
    {
        using var terminal = new TerminalSession(folder.Path, columns, arguments);
        return NormalizeSpaces(string.Join('\n', await terminal.WaitForExitAsync()));
    }

    private static string NormalizeSpaces(string text) =>
        string.Join(' ', text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
