using System.CommandLine;

namespace AttnCrnn.Cli.Options;

/// <summary>The flag that names the labels of a model's outputs, wherever an archive of Keras' own is taken.</summary>
internal sealed record OutputFlags(Option<string[]> Labels)
{
    /// <summary>The labels in the order of the outputs; null where nobody named them.</summary>
    public IReadOnlyList<string>? Read(ParseResult given)
    {
        string[] named =
        [
            .. given
                .GetValue(Labels)!
                .SelectMany(part =>
                    part.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                ),
        ];
        return named.Length == 0 ? null : named;
    }
}
