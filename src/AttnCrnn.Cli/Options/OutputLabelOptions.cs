using System.CommandLine;

namespace AttnCrnn.Cli.Options;

/// <summary>The option with the labels of a model's outputs, for archives saved by Keras.</summary>
internal sealed record OutputLabelOptions(Option<string[]> Labels)
{
    /// <summary>The labels in the order of the outputs; null: the option is absent.</summary>
    public IReadOnlyList<string>? Read(ParseResult parseResult)
    {
        string[] labels =
        [
            .. parseResult
                .GetValue(Labels)!
                .SelectMany(part =>
                    part.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                ),
        ];
        return labels.Length == 0 ? null : labels;
    }
}
