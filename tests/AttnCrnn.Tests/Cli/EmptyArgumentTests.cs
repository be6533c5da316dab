using AttnCrnn.Cli.Options;

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
        var (code, _, error) = await InProcessProgram.RunAsync(arguments);
        Assert.Equal(ExitCode.UsageError, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }
}
