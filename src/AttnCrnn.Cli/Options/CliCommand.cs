using System.CommandLine;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Options;

namespace AttnCrnn.Cli.Options;

/// <summary>A command: its options and what it does.</summary>
internal abstract class CliCommand
{
    private readonly Lazy<RootCommand> root;

    protected CliCommand(string name, string description, CommandArgument? argument)
    {
        Definition = new Command(name, description);
        Argument = argument;
        root = new(CreateRoot);
    }

    /// <summary>The command of System.CommandLine.</summary>
    public Command Definition { get; }

    /// <summary>The positional arguments; null if it has none.</summary>
    public CommandArgument? Argument { get; }

    /// <summary>The options, for help, completion and the reference page.</summary>
    public abstract IReadOnlyList<OptionDefinition> Options { get; }

    /// <summary>What to do with an argument that the command does not take; empty: nothing is suggested.</summary>
    public virtual string SuggestOption(string argument) => "";

    /// <summary>The message at the first Ctrl-C.</summary>
    public virtual string InterruptMessage => "stopping… (press Ctrl-C again to stop immediately)";

    /// <summary>Splits a command line of this command into options and arguments.</summary>
    /// <param name="arguments">Those after the name of the command.</param>
    /// <param name="prefix">Prefix of the messages for a nested command line, as "train: ".</param>
    /// <param name="suggest">What to do with an argument that the command does not take; null: nothing.</param>
    /// <returns>With the errors of unknown options and missing values, for the reader of the options.</returns>
    public ParsedArguments ParseArguments(string[] arguments, string prefix = "", Func<string, string>? suggest = null)
    {
        var errors = new UsageErrors();
        var knownArguments = OptionSpelling.RemoveUnknownOptions(Definition, arguments, errors);
        var parseResult = root.Value.Parse([Definition.Name, .. knownArguments]);
        // What was removed may have been an argument.
        var optionsOnly = !errors.IsEmpty;
        foreach (var error in OptionSpelling.DescribeErrors(parseResult, optionsOnly, suggest))
            errors.Add(prefix + error);
        return new(parseResult, errors);
    }

    /// <summary>Runs the command.</summary>
    /// <returns>An <see cref="ExitCode"/>, or the exit code of a run on another machine.</returns>
    /// <exception cref="UsageException">The command line is invalid.</exception>
    public abstract Task<int> RunAsync(
        ParsedArguments parsedArguments,
        ConsoleOutput console,
        CancellationToken cancellationToken
    );

    private RootCommand CreateRoot()
    {
        var command = new RootCommand();
        command.Subcommands.Add(Definition);
        return command;
    }
}
