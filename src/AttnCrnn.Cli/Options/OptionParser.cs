using System.CommandLine;
using System.CommandLine.Parsing;
using AttnCrnn.Options;

namespace AttnCrnn.Cli.Options;

/// <summary>
/// The command line of a table of options: System.CommandLine splits it into options and their texts, which the table
/// parses.
/// </summary>
internal sealed class OptionParser
{
    private readonly Dictionary<OptionKey, Option> options = [];

    /// <summary>Adds the options to a command; <c>--batch_size</c> can be written <c>--batch-size</c>.</summary>
    public OptionParser(Command command, IEnumerable<OptionDefinition> definitions)
    {
        foreach (var definition in definitions)
        {
            var option = CreateOption(definition);
            if (definition.Key.Name.Contains('_', StringComparison.Ordinal))
                option.Aliases.Add(FormatKey(definition.Key.Name).Replace('_', '-'));
            if (definition.ShortName is { } shortName)
                option.Aliases.Add(shortName);
            options.Add(definition.Key, option);
            command.Options.Add(option);
        }
    }

    /// <summary>A message of the library, with its keys as the user writes them.</summary>
    public static string FormatText(OptionText text) => text.Format(FormatKey);

    /// <summary>The spelling of a key on the command line.</summary>
    public static string FormatKey(string key) => $"--{key}";

    /// <summary>The options that a command line contains, without those for which the parser has errors.</summary>
    public OptionValues Read(ParseResult parseResult)
    {
        var values = new OptionValues();
        OptionResult?[] invalidResults = [.. parseResult.Errors.Select(OptionSpelling.FindOption)];
        foreach (var (key, option) in options)
            if (parseResult.GetResult(option) is { Implicit: false } result && !invalidResults.Contains(result))
                values.Set(
                    key,
                    option is Option<bool> flag
                        ? [parseResult.GetValue(flag) ? "true" : "false"]
                        : [.. result.Tokens.Select(token => token.Value)]
                );
        return values;
    }

    private static Option CreateOption(OptionDefinition definition)
    {
        var name = FormatKey(definition.Key.Name);
        return definition.Arity switch
        {
            OptionArity.Switch => new Option<bool>(name),
            OptionArity.One => new Option<string>(name),
            _ => new Option<string[]>(name)
            {
                Arity = ArgumentArity.OneOrMore,
                AllowMultipleArgumentsPerToken = definition.Arity == OptionArity.Multiple,
            },
        };
    }
}
