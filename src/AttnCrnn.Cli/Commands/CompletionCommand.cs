using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;

namespace AttnCrnn.Cli.Commands;

/// <summary>The settings of completion.</summary>
internal sealed record CompletionSettings : CommandSettings;

/// <summary>Prints the completion script of a shell.</summary>
internal sealed class CompletionCommand : OptionCommand<CompletionSettings>
{
    public CompletionCommand()
        : base(
            "completion",
            "Print the completion script of a shell: source <(attn-crnn completion bash).",
            [],
            new("SHELL", $"One of {string.Join(", ", ShellCompletion.Shells)}.")
        ) { }

    public override Task<int> RunAsync(
        CompletionSettings settings,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        if (settings.Arguments is not [var shell])
            throw new UsageException($"completion: expected one of {string.Join(", ", ShellCompletion.Shells)}");
        console.WriteResult(ShellCompletion.Format(shell, CommandList.CreateAll()).TrimEnd('\n'));
        return Task.FromResult(ExitCode.Success);
    }
}
