using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;

namespace AttnCrnn.Tests.Cli;

/// <summary>Arguments that are empty, as those of a shell's variables that are not set.</summary>
public sealed class EmptyArgumentTests
{
    [Theory]
    [InlineData("one of the arguments is empty", "corpus", "")]
    [InlineData("one of the arguments is empty", "extract", "", "--out", "store")]
    [InlineData("--data_dirs '': is empty", "train", "--data_dirs", "")]
    [InlineData("--workdir '': is empty", "train", "--data_dirs", "store", "--workdir", "")]
    [InlineData("--workdir '': is empty", "predict", "run", "a.wav", "--workdir", "")]
    [InlineData("--data_dirs '': is empty", "evaluate", "run", "--data_dirs", "")]
    public async Task An_empty_argument_is_a_usage_error(string expected, params string[] arguments)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var code = await Application.RunAsync(arguments, new ConsoleOutput(output, error));
        Assert.Equal(ExitCode.UsageError, code);
        Assert.Contains(expected, error.ToString(), StringComparison.Ordinal);
    }
}
