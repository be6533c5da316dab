using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;

namespace AttnCrnn.Cli.Commands;

/// <summary>The settings of reference.</summary>
internal sealed record ReferenceSettings : CommandSettings;

/// <summary>Prints docs/reference/cli.md.</summary>
internal sealed class ReferenceCommand : OptionCommand<ReferenceSettings>
{
    public ReferenceCommand()
        : base("reference", "Print all commands and options as a page in Markdown.", []) { }

    public override Task<int> RunAsync(
        ReferenceSettings settings,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        console.WriteResult(CliReference.Format(CommandList.CreateAll()).TrimEnd('\n'));
        return Task.FromResult(ExitCode.Success);
    }
}
