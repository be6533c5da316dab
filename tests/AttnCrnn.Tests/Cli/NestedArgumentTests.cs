using AttnCrnn.Cli.Options;

namespace AttnCrnn.Tests.Cli;

/// <summary>An error in the arguments after -- refers to the help of the command that they belong to.</summary>
public sealed class NestedArgumentTests
{
    [Theory]
    [InlineData("--bogus: unknown option of deploy", "deploy", "--bogus", "3")]
    [InlineData("--bogus: unknown option of train", "train", "--", "--bogus", "3")]
    [InlineData("--epochs 0: expected 1 to ", "train", "--", "--data_dirs", "x", "--epochs", "0")]
    [InlineData("after --: --resume is an option of deploy", "train", "--", "--resume", "x")]
    [InlineData("--bogus: unknown option of extract", "extract", "--", "--", "--bogus", "3")]
    public async Task The_help_is_that_of_the_command(string message, string command, params string[] arguments)
    {
        var (code, _, error) = await InProcessProgram.RunAsync(["deploy", "--to", "local", .. arguments]);
        Assert.Equal(ExitCode.UsageError, code);
        Assert.StartsWith($"attn-crnn: {message}", error, StringComparison.Ordinal);
        Assert.EndsWith($" {command} --help", error.TrimEnd(), StringComparison.Ordinal);
    }
}
