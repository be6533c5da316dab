using System.CommandLine;
using AttnCrnn.Corpora;

namespace AttnCrnn.Cli.Options;

/// <summary>The options that merge and drop classes.</summary>
internal sealed record LabelRuleOptions(Option<string[]> Map, Option<string[]> Drop, Option<string?> Preset)
{
    /// <exception cref="UsageException">The rules contradict themselves.</exception>
    public LabelRules Read(ParseResult parseResult)
    {
        try
        {
            return LabelRules.Parse(
                parseResult.GetValue(Map)!,
                parseResult.GetValue(Drop)!,
                parseResult.GetValue(Preset)
            );
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(exception.Message);
        }
    }
}
