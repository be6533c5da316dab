using System.Diagnostics;

namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>The completion scripts in their shells.</summary>
[Requires("unix")]
public sealed class CompletionProgramTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("attn-crnn tr", "train")]
    [InlineData("attn-crnn train --batch", "--batch_norm --batch_size")]
    [InlineData("attn-crnn train --padding ", "longest none")]
    [InlineData("attn-crnn export --to o", "onnx")]
    [InlineData("attn-crnn stop --batch", "")]
    public void Bash_completes_a_command_line(string line, string expected)
    {
        WriteScript("bash");
        const string complete = """
            source ./completion.bash
            declare -F "$(complete -p attn-crnn | sed 's/.*-F \([^ ]*\).*/\1/')" > /dev/null || exit 9
            read -r -a COMP_WORDS <<< "$1"
            [[ $1 == *' ' ]] && COMP_WORDS+=('')
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            "$(complete -p attn-crnn | sed 's/.*-F \([^ ]*\).*/\1/')" attn-crnn
            echo "${COMPREPLY[@]}"
            """;
        var words = RunShell("bash", "-c", complete, "bash", line).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(expected, string.Join(' ', words.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Bash_accepts_its_script() => Check("bash");

    [Fact]
    [Requires("zsh")]
    public void Zsh_accepts_its_script() => Check("zsh");

    [Fact]
    [Requires("fish")]
    public void Fish_accepts_its_script() => Check("fish");

    private void Check(string shell)
    {
        WriteScript(shell);
        RunShell(shell, "-n", $"completion.{shell}");
    }

    private void WriteScript(string shell)
    {
        var (code, output, error) = BuiltProgram.Run(folder.Path, "completion", shell);
        Assert.True(code == 0, error);
        File.WriteAllText(folder.PathOf($"completion.{shell}"), output);
    }

    private string RunShell(string shell, params string[] arguments)
    {
        var start = new ProcessStartInfo(shell, arguments)
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var (code, output, error) = BuiltProgram.WaitForExit(Process.Start(start)!)[0];
        Assert.True(code == 0, $"{shell} ended with {code}: {error}");
        return output.Trim();
    }
}
