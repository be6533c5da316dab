using System.CommandLine.Parsing;
using AttnCrnn.Cli.Commands.Remote;
using AttnCrnn.Cli.Options;

namespace AttnCrnn.Tests.Cli;

/// <summary>The options that select a machine are repeated in the commands that the user is told to copy.</summary>
public sealed class RemoteFlagsTests
{
    [Theory]
    [InlineData("--to local", "--to local")]
    [InlineData("--to local --name b --dir a", "--to local --dir a --name b")] // in one order
    [InlineData("--host=u@h --port 22", "--host u@h --port 22")]
    [InlineData("--to local --dir \"a b\"", "--to local --dir a b")]
    public void Only_the_specified_options_are_repeated(string arguments, string expected)
    {
        var settings = Parse(arguments);
        Assert.Equal(expected, string.Join(' ', settings.CreateTarget().SelectionArguments));
    }

    [Theory]
    [InlineData("--to moon", "--to moon: expected ssh, local or slurm; the default is ssh")]
    [InlineData("--port 0", "--port 0: expected 1 to 65535")]
    [InlineData(
        "--port x --to moon",
        "--to moon: expected ssh, local or slurm; the default is ssh; --port x: expected"
    )]
    public void All_invalid_options_are_reported_at_once(string arguments, string expected)
    {
        var exception = Assert.Throws<UsageException>(() => Parse(arguments));
        Assert.StartsWith(expected, exception.Message, StringComparison.Ordinal);
    }

    private static MonitorSettings Parse(string arguments)
    {
        var monitor = new MonitorCommand();
        var parsedArguments = monitor.ParseArguments([.. CommandLineParser.SplitCommandLine(arguments)]);
        return monitor.Parse(monitor.ReadValues(parsedArguments), parsedArguments);
    }
}
