using System.CommandLine;
using System.Text.RegularExpressions;

namespace AttnCrnn.Cli.Options;

/// <summary>
/// Rejects unknown options, with a suggestion: System.CommandLine takes them for arguments if any number is allowed.
/// </summary>
internal static partial class OptionSpelling
{
    /// <exception cref="UsageException">An option is unknown; the message suggests the nearest name.</exception>
    public static void CheckFlags(Command command, IReadOnlyList<string> arguments)
    {
        string[] known =
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
            if (!known.Contains(name))
                throw new UsageException($"{name}: no such flag of {command.Name}{Suggestion(name, known)}");
        }
    }

    /// <summary><c>; did you mean X?</c>, or an empty text if no name is near.</summary>
    public static string Suggestion(string word, IEnumerable<string> known)
    {
        var nearest = known
            .Select(name => (name, distance: Distance(word, name)))
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
    public static void RequireKnown(ParseResult given, string prefix = "")
    {
        if (given.Errors.Count > 0)
            throw new UsageException(prefix + string.Join("; ", given.Errors.Select(error => Plain(error.Message))));
    }

    // Replaces the names of .NET types.
    private static string Plain(string message) =>
        WrongType()
            .Replace(message, found =>
            {
                var expected = found.Groups["type"].Value switch
                {
                    var type when type.Contains("Int", StringComparison.Ordinal) => "a whole number",
                    var type when type.Contains("Double", StringComparison.Ordinal) => "a number",
                    var type when type.Contains("Boolean", StringComparison.Ordinal) => "true or false",
                    _ => "another value",
                };
                return $"{found.Groups["flag"].Value} {found.Groups["value"].Value}: expected {expected}";
            })
            .TrimEnd('.')
            .ReplaceLineEndings(" ");

    [GeneratedRegex(
        "^Cannot parse argument '(?<value>.*)' for option '(?<flag>[^']*)' as expected type '(?<type>.*)'\\.?$",
        RegexOptions.Singleline
    )]
    private static partial Regex WrongType();

    // Levenshtein distance.
    private static int Distance(string a, string b)
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
