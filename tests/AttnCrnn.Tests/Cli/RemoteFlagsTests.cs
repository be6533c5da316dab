using System.CommandLine;
using AttnCrnn.Cli.Options;

namespace AttnCrnn.Tests.Cli;

/// <summary>The options that select a machine are repeated in the commands that the user is told to copy.</summary>
public sealed class RemoteFlagsTests
{
    [Theory]
    [InlineData("--to local", " --to local")]
    [InlineData("--to local --name b --dir a", " --to local --dir a --name b")] // in one order
    [InlineData("--host=u@h --port 22", " --host u@h --port 22")]
    [InlineData("--to local --dir \"a b\"", " --to local --dir 'a b'")]
    public void Only_the_specified_options_are_repeated(string arguments, string expected)
    {
        var flags = new RemoteOptions(
            Flag<string?>("--to"),
            Flag<string?>("--host"),
            Flag<int?>("--port"),
            Flag<string?>("--key"),
            Flag<string?>("--dir"),
            Flag<string?>("--name")
        );
        var command = new Command("monitor") { flags.Target, flags.Host, flags.Port, flags.Key, flags.Dir, flags.Name };
        using var folder = new TempFolder();
        var target = flags.Read(command.Parse(arguments), DeploySettings.Read(folder.Path));
        Assert.Equal(expected, target.SelectionArguments);
    }

    // Options have a default, which is not repeated.
    private static Option<T?> Flag<T>(string name) => new(name) { DefaultValueFactory = _ => default };
}
