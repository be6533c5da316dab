using System.CommandLine;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Options;

namespace AttnCrnn.Cli.Options;

/// <summary>A command whose options are declared in a table.</summary>
/// <typeparam name="TSettings">Its settings.</typeparam>
internal abstract class OptionCommand<TSettings> : CliCommand
    where TSettings : CommandSettings, new()
{
    private readonly OptionParser parser;
    private readonly Argument<string[]>? arguments;

    /// <param name="options">The options of the command; those of all commands are added.</param>
    /// <param name="argument">The positional arguments; null if it has none.</param>
    protected OptionCommand(
        string name,
        string description,
        IEnumerable<OptionDefinition<TSettings>> options,
        CommandArgument? argument = null
    )
        : base(name, description, argument)
    {
        Table = new([.. options, .. CommandSettings.CreateCommonOptions<TSettings>()]);
        parser = new(Definition, Table.Options);
        if (argument is null)
            return;
        arguments = new(argument.Name)
        {
            Arity = argument.IsRequired ? ArgumentArity.OneOrMore : ArgumentArity.ZeroOrMore,
        };
        Definition.Arguments.Add(arguments);
    }

    /// <summary>The options of the command.</summary>
    public OptionTable<TSettings> Table { get; }

    public override IReadOnlyList<OptionDefinition> Options => Table.Options;

    /// <summary>Runs the command.</summary>
    public abstract Task<int> RunAsync(TSettings settings, ConsoleOutput console, CancellationToken cancellationToken);

    public override Task<int> RunAsync(
        ParsedArguments parsedArguments,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        var settings = Parse(ReadValues(parsedArguments), parsedArguments);
        console.Quiet = settings.Quiet;
        return RunAsync(settings, console, cancellationToken);
    }

    /// <summary>
    /// The options of a command line and of the configuration file that it names; the errors of the file are added to
    /// those of the command line.
    /// </summary>
    public virtual OptionValues ReadValues(ParsedArguments parsedArguments)
    {
        var values = parser.Read(parsedArguments.Parsed);
        return values.Find(CommandOptionKeys.Config) is [var path]
            ? values.WithFallback(ConfigurationFile.Read(path, this, parsedArguments.Errors))
            : values;
    }

    /// <summary>The settings of options and arguments.</summary>
    /// <exception cref="UsageException">
    /// The command line, a file or a value is invalid; the message lists all errors.
    /// </exception>
    public TSettings Parse(OptionValues values, ParsedArguments parsedArguments)
    {
        var settings = ParseAll(values, parsedArguments);
        parsedArguments.Errors.ThrowIfAny();
        return settings;
    }

    /// <summary>
    /// The settings of options and arguments; errors of values are added to those of the command line.
    /// </summary>
    public TSettings ParseAll(OptionValues values, ParsedArguments parsedArguments)
    {
        var errors = new List<OptionError>();
        var settings = Parse(values, errors);
        parsedArguments.Errors.Add(errors, values);
        var positional = arguments is null ? null : parsedArguments.Parsed.GetResult(arguments);
        if (positional?.Tokens.Any(token => token.Value.Length == 0) == true)
            parsedArguments.Errors.Add(
                "one of the arguments is empty: '' (perhaps a variable of the shell is not set)"
            );
        settings = (TSettings)(
            (CommandSettings)settings with
            {
                Arguments = [.. positional?.Tokens.Select(token => token.Value) ?? []],
            }
        );
        return ParseNested(settings, parsedArguments.Errors);
    }

    /// <summary>Parses the command lines that are arguments of this one.</summary>
    /// <param name="errors">Receives everything that is invalid in them.</param>
    protected virtual TSettings ParseNested(TSettings settings, UsageErrors errors) => settings;

    /// <summary>The settings of options.</summary>
    /// <param name="errors">Receives every invalid value.</param>
    protected virtual TSettings Parse(OptionValues values, List<OptionError> errors)
    {
        var settings = Table.Parse(new(), values, errors);
        errors.AddRange(Table.FindErrors(settings).Where(error => !errors.Any(reported => reported.Key == error.Key)));
        return settings;
    }
}
