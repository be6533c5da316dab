using System.Globalization;
using AttnCrnn.Options;

namespace AttnCrnn.Encoders;

/// <summary>
/// Selects the hidden states that become frames, numbered as in transformers: 0 before the first transformer layer, N
/// after the Nth, before any final norm; <c>last</c> is last_hidden_state, to which Whisper and models with stable
/// layer norm apply the final norm.
/// </summary>
/// <param name="First">The first hidden state.</param>
/// <param name="Last">The last hidden state, the deepest layer that is computed.</param>
/// <param name="Kind">How the hidden states are combined.</param>
internal sealed record LayerSelection(int First, int Last, LayerKind Kind)
{
    /// <summary>The middle layers of a twelve-layer network.</summary>
    public const string DefaultOfTwelveLayers = "4-8";

    /// <summary>Whether the last selected state is after the network's final norm.</summary>
    public bool HasFinalNorm => Kind is LayerKind.Last or LayerKind.AllWithFinalNorm;

    /// <summary>All hidden states, of which the last is after the final norm.</summary>
    /// <param name="layers">Number of transformer layers.</param>
    public static LayerSelection CreateAllWithFinalNorm(int layers) => new(0, layers, LayerKind.AllWithFinalNorm);

    /// <summary>Layers per frame.</summary>
    public int OutputLayers => Kind == LayerKind.All ? Last - First + 1 : 1;

    /// <summary>As on the command line.</summary>
    public override string ToString() =>
        Kind switch
        {
            LayerKind.Last => "last",
            LayerKind.All => "all",
            _ => First == Last ? Format(First) : $"{Format(First)}-{Format(Last)}",
        };

    /// <param name="text"><c>last</c>, <c>all</c>, <c>N</c> or <c>A-B</c>.</param>
    /// <param name="layers">Number of transformer layers.</param>
    /// <exception cref="InvalidInputException">The text is invalid, or the network has no such layer.</exception>
    public static LayerSelection Parse(string text, int layers)
    {
        if (text == "last")
            return new(layers, layers, LayerKind.Last);
        if (text == "all")
            return new(0, layers, LayerKind.All);
        var parts = text.Split('-');
        if (
            parts.Length > 2
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            || !int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
        )
            throw new InvalidInputException(
                OptionText.Create(
                    $"{OptionKeys.Layers} {text}: expected last, all, a layer as in 7, or a range as in "
                        + $"{DefaultOfTwelveLayers}"
                )
            );
        if (first > last || last > layers)
            throw new InvalidInputException(
                OptionText.Create(
                    $"{OptionKeys.Layers} {text}: this network has the layers 0 to {layers}; "
                        + $"give the lower bound first"
                )
            );
        return new(first, last, LayerKind.Mean);
    }

    private static string Format(int layer) => layer.ToString(CultureInfo.InvariantCulture);
}

/// <summary>How the selected hidden states are combined.</summary>
internal enum LayerKind
{
    /// <summary>The mean over layers.</summary>
    Mean,

    /// <summary>last_hidden_state.</summary>
    Last,

    /// <summary>All layers, for a learned weighted sum.</summary>
    All,

    /// <summary>All layers, the last one after the final norm, as transformers' classifiers weight them.</summary>
    AllWithFinalNorm,
}
