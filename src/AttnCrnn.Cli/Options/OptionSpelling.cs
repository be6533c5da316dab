using System.CommandLine;
using System.CommandLine.Parsing;

namespace AttnCrnn.Cli.Options;

/// <summary>
/// Finds unknown options, with a suggestion. System.CommandLine parses them as arguments if a command accepts any
/// number of arguments.
/// </summary>
internal static class OptionSpelling
{
    /// <summary>A command line without unknown options and the values that may be theirs.</summary>
    /// <param name="errors">Receives each unknown option, with the most similar name.</param>
    public static string[] RemoveUnknownOptions(Command command, IReadOnlyList<string> arguments, UsageErrors errors)
    {
        string[] validNames =
        [
            .. command.Options.SelectMany(option => option.Aliases.Append(option.Name)),
            "--help",
            "-h",
            "-?",
        ];
        List<string> knownArguments = [];
        var isUnknown = false;
        foreach (var argument in arguments.TakeWhile(argument => argument != "--"))
        {
            var name = argument.Split('=', ':')[0];
            if (argument.StartsWith("--", StringComparison.Ordinal) || validNames.Contains(name))
            {
                isUnknown = !validNames.Contains(name);
                if (isUnknown)
                    errors.Add($"{name}: unknown option of {command.Name}{Suggest(name, validNames)}");
            }
            if (!isUnknown)
                knownArguments.Add(argument);
        }
        return [.. knownArguments, .. arguments.SkipWhile(argument => argument != "--")];
    }

    /// <summary><c>; did you mean X?</c>, or an empty string if no name is similar.</summary>
    public static string Suggest(string word, IEnumerable<string> validNames)
    {
        var nearest = validNames
            .Select(name => (name, distance: ComputeDistance(word, name)))
            .OrderBy(candidate => candidate.distance)
            .ThenBy(candidate => candidate.name, StringComparer.Ordinal)
            .FirstOrDefault();
        return nearest.name is not null && nearest.distance <= Math.Max(2, word.Length / 3)
            ? $"; did you mean {nearest.name}?"
            : "";
    }

    /// <summary>The errors that the parser reports.</summary>
    /// <param name="optionsOnly">Whether errors of positional arguments are left out.</param>
    /// <param name="suggest">What to do with an argument that the command does not take; null: nothing.</param>
    public static IEnumerable<string> DescribeErrors(
        ParseResult parseResult,
        bool optionsOnly,
        Func<string, string>? suggest
    ) =>
        parseResult
            .Errors.Where(error => !optionsOnly || FindOption(error) is not null)
            .Select(error => Describe(error, parseResult, suggest));

    /// <summary>The option of an error; null for an argument.</summary>
    public static OptionResult? FindOption(ParseError error) =>
        error.SymbolResult as OptionResult ?? error.SymbolResult?.Parent as OptionResult;

    // From the parsed tokens: System.CommandLine's own messages contain .NET types.
    private static string Describe(ParseError error, ParseResult parseResult, Func<string, string>? suggest)
    {
        if (FindOption(error) is { } option)
            return DescribeOption(option) ?? error.Message;
        var command = parseResult.CommandResult.Command;
        if (parseResult.UnmatchedTokens is [var unmatched, ..])
            return $"{unmatched}: unexpected argument of {command.Name}{suggest?.Invoke(unmatched)}";
        var missing = command.Arguments.FirstOrDefault(argument =>
            (parseResult.GetResult(argument)?.Tokens.Count ?? 0) < argument.Arity.MinimumNumberOfValues
        );
        return missing is null ? error.Message : $"{command.Name}: expected {missing.Name}";
    }

    private static string? DescribeOption(OptionResult result)
    {
        var option = result.Option;
        if (result.Tokens.Count < option.Arity.MinimumNumberOfValues)
            return $"{option.Name}: a value is missing";
        if (result.Tokens.Count > option.Arity.MaximumNumberOfValues)
            return $"{option.Name}: {result.Tokens.Count} values, "
                + $"expected at most {option.Arity.MaximumNumberOfValues}";
        return option is Option<bool> && result.Tokens is [var token] && !bool.TryParse(token.Value, out _)
            ? $"{option.Name} {token.Value}: expected true or false"
            : null;
    }

    // Levenshtein distance.
    private static int ComputeDistance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }
        return row[^1];
    }
}
