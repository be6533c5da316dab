using System.Text;
using System.Text.RegularExpressions;
using AttnCrnn.Corpora.Splits;

namespace AttnCrnn.Corpora.Layouts.Names;

/// <summary>
/// Where labels and speakers are in the paths of recordings: a path with <c>{label}</c>, <c>{speaker}</c> and
/// <c>{split}</c>, in which <c>*</c> stands for any name and <c>**</c> for any folders; a regular expression with
/// groups of these names, which is searched in the path and then in the name; or <c>none</c>.
/// </summary>
internal sealed partial class PathPattern
{
    private const string None = "none";

    private static readonly TimeSpan MaxMatchTime = TimeSpan.FromSeconds(1);

    private readonly Regex? expression;
    private readonly bool isPath;
    private readonly bool hasExtension;

    private PathPattern(string text, Regex? expression, bool isPath, bool hasExtension)
    {
        Text = text;
        this.expression = expression;
        this.isPath = isPath;
        this.hasExtension = hasExtension;
    }

    /// <summary>As the user wrote it.</summary>
    public string Text { get; }

    /// <summary>Whether there are no labels, or no speakers.</summary>
    public bool IsNone => expression is null;

    /// <summary>Whether the pattern has a part: label, speaker or split.</summary>
    public bool Names(string part) => expression?.GetGroupNames().Contains(part) == true;

    /// <summary>Parses the value of an option.</summary>
    /// <param name="key">The option, for messages.</param>
    /// <param name="required">The part that the pattern must have.</param>
    /// <exception cref="InvalidOptionsException">It is no pattern, or without the part.</exception>
    public static PathPattern Parse(string text, OptionKey key, string required)
    {
        if (text == None)
            return new(text, null, isPath: false, hasExtension: false);
        var isPath = PartPattern().IsMatch(text);
        PathPattern pattern;
        try
        {
            pattern = isPath
                ? new(
                    text,
                    CreateExpression(ConvertPath(text)),
                    isPath,
                    LastName(text).Contains('.', StringComparison.Ordinal)
                )
                : new(text, CreateExpression(text.Replace("(?P<", "(?<", StringComparison.Ordinal)), isPath, true);
        }
        catch (ArgumentException)
        {
            throw CreateError(text, key, required);
        }
        return pattern.Names(required) ? pattern : throw CreateError(text, key, required);
    }

    /// <summary>The parts of a path; null: it does not match.</summary>
    /// <param name="path">Path of the recording, with slashes.</param>
    /// <param name="isRelative">
    /// Whether the path is relative to a folder that is read, which a path with folders then must match as a whole;
    /// otherwise its end.
    /// </param>
    /// <exception cref="InvalidInputException">The expression takes too long.</exception>
    public PathMatch? Match(string path, bool isRelative)
    {
        if (expression is null)
            return null;
        var name = LastName(path);
        try
        {
            if (!isPath)
                return Create(expression.Match(path)) ?? Create(expression.Match(name));
            var text = hasExtension ? path : path[..^Path.GetExtension(name).Length];
            var folders = Text.Count(character => character == '/');
            if (folders == 0)
                text = LastName(text);
            else if (!isRelative)
                text = string.Join('/', text.Split('/').TakeLast(folders + 1));
            return Create(expression.Match(text));
        }
        catch (RegexMatchTimeoutException)
        {
            throw new InvalidInputException(
                $"the pattern '{Text}' takes more than {MaxMatchTime.TotalSeconds} s for {path}: use a simpler one"
            );
        }
    }

    private static string LastName(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static PathMatch? Create(Match match) =>
        match.Success
            ? new(GetPart(match, "label"), GetPart(match, "speaker"), SubsetNames.Find(GetPart(match, "split") ?? ""))
            : null;

    private static string? GetPart(Match match, string part) =>
        match.Groups[part] is { Success: true, Length: > 0 } group ? group.Value : null;

    // Linear in the length of a path, unless the expression needs backtracking, for which the time is bounded.
    private static Regex CreateExpression(string expression)
    {
        try
        {
            return new(expression, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (NotSupportedException)
        {
            return new(expression, RegexOptions.CultureInvariant, MaxMatchTime);
        }
    }

    private static string ConvertPath(string text)
    {
        var result = new StringBuilder("^");
        for (var i = 0; i < text.Length; )
        {
            var part = PartPattern().Match(text, i);
            if (part.Success && part.Index == i)
            {
                result.Append(Group(part.Groups["part"].Value));
                i += part.Length;
            }
            else if (text.AsSpan(i).StartsWith("**/"))
            {
                result.Append("(?:[^/]+/)*");
                i += 3;
            }
            else if (text.AsSpan(i) is "**")
            {
                result.Append(".+");
                i += 2;
            }
            else
            {
                result.Append(text[i] == '*' ? "[^/]*" : Regex.Escape(text[i].ToString()));
                i++;
            }
        }
        return result.Append('$').ToString();

        static string Group(string part) => $"(?<{part}>[^/]+?)";
    }

    private static InvalidOptionsException CreateError(string text, OptionKey key, string required) =>
        new([
            new(
                key,
                text,
                $"expected a path such as {{speaker}}/{{label}}/* with {{{required}}}, a regular expression with a "
                    + $"group (?<{required}>…), or none"
            ),
        ]);

    [GeneratedRegex(@"\{(?<part>label|speaker|split)\}", RegexOptions.CultureInvariant)]
    private static partial Regex PartPattern();
}

/// <summary>What a pattern finds in a path; null: nothing.</summary>
internal sealed record PathMatch(string? Label, string? Speaker, Subset? Split);
