using AttnCrnn.Options;

namespace AttnCrnn.Cli.Options;

/// <summary>How options are described in the help and on the reference page.</summary>
internal static class OptionDescription
{
    /// <summary><c>--epochs &lt;N&gt;</c>.</summary>
    public static string FormatUsage(OptionDefinition option)
    {
        var key = OptionParser.FormatKey(option.Key.Name);
        var name = option.ShortName is { } shortName ? $"{shortName}, {key}" : key;
        return option.Arity == OptionArity.Switch ? name : $"{name} <{GetValueName(option)}>";
    }

    /// <summary>
    /// Unit, range or choices, and default: <c>epochs, 1 to 100000; default 30</c>; empty if there are none.
    /// </summary>
    public static string FormatLimits(OptionDefinition option)
    {
        var range = option.Range is null && option.Choices.Count == 0 ? "" : option.Expected;
        var limits = string.Join(", ", ((string[])[option.Unit ?? "", range]).Where(text => text.Length > 0));
        var defaultText = option.Arity == OptionArity.Switch ? "" : option.DescribeDefault();
        return string.Join(
            "; ",
            ((string[])[limits, defaultText.Length > 0 ? $"default {defaultText}" : ""]).Where(text => text.Length > 0)
        );
    }

    /// <summary>The options of a command by heading, in the order of the headings.</summary>
    public static IEnumerable<(string Group, IReadOnlyList<OptionDefinition> Options)> GroupOptions(
        CliCommand command
    ) =>
        OptionGroups
            .All.Select(group =>
                (group, (IReadOnlyList<OptionDefinition>)[.. command.Options.Where(option => option.Group == group)])
            )
            .Where(entry => entry.Item2.Count > 0);

    private static string GetValueName(OptionDefinition option) =>
        option.ValueName.Length > 0 ? option.ValueName : "VALUE";
}
