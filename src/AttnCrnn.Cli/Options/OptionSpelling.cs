using System.CommandLine;
using System.CommandLine.Parsing;

namespace AttnCrnn.Cli.Options;

/// <summary>
/// Rejects unknown options, with a suggestion. System.CommandLine parses them as arguments if a command accepts any
/// number of arguments.
/// </summary>
internal static class OptionSpelling
{
    /// <exception cref="UsageException">An option is unknown; the message suggests the most similar name.</exception>
    public static void CheckOptions(Command command, IReadOnlyList<string> arguments)
    {
        string[] validNames =
        [
            .. command.Options.SelectMany(option => option.Aliases.Append(option.Name)),
            "--help",
            "-h",
            "-?",
        ];
        foreach (var argument in arguments.TakeWhile(argument => argument != "--"))
        {
            if (!argument.StartsWith("--", StringComparison.Ordinal))
                continue;
            var name = argument.Split('=', ':')[0];
            if (!validNames.Contains(name))
                throw new UsageException($"{name}: unknown option of {command.Name}{Suggest(name, validNames)}");
        }
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

    /// <summary>Checks that the parser accepted the command line.</summary>
    /// <param name="prefix">Prefix of the message for a nested command line, as "train: ".</param>
    /// <exception cref="UsageException">The parser reports errors; the message lists them.</exception>
    public static void RequireValid(ParseResult parseResult, string prefix = "")
    {
        if (parseResult.Errors.Count > 0)
            throw new UsageException(prefix + string.Join("; ", parseResult.Errors.Select(Describe)));
    }

    // System.CommandLine's own message for a value that cannot be parsed contains the .NET type.
    private static string Describe(ParseError error)
    {
        var option = error.SymbolResult as OptionResult ?? error.SymbolResult?.Parent as OptionResult;
        return
            option is { Tokens: [var token] } && DescribeExpected(option.Option.ValueType, token.Value) is { } expected
            ? $"{option.Option.Name} {token.Value}: expected {expected}"
            : error.Message.TrimEnd('.').ReplaceLineEndings(" ");
    }

    // null if the value has the type: then the parser reports a different error.
    private static string? DescribeExpected(Type type, string value) =>
        Type.GetTypeCode(Nullable.GetUnderlyingType(type) ?? type) switch
        {
            TypeCode.Int32 when !int.TryParse(value, out _) => "a whole number",
            TypeCode.UInt64 when !ulong.TryParse(value, out _) => "a whole number",
            TypeCode.Double when !double.TryParse(value, out _) => "a number",
            TypeCode.Boolean when !bool.TryParse(value, out _) => "true or false",
            _ => null,
        };

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
