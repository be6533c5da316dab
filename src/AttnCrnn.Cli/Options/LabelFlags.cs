using System.CommandLine;
using AttnCrnn.Corpora;

namespace AttnCrnn.Cli.Options;

/// <summary>The options that merge and drop classes.</summary>
internal sealed record LabelFlags(Option<string[]> Map, Option<string[]> Drop, Option<string?> Preset)
{
    /// <exception cref="UsageException">The rules contradict themselves.</exception>
    public LabelRules Read(ParseResult given)
    {
        try
        {
            return LabelRules.Parse(given.GetValue(Map)!, given.GetValue(Drop)!, given.GetValue(Preset));
        }
        catch (ArgumentException fault)
        {
            throw new UsageException(fault.Message);
        }
    }
}
