using System.Globalization;

namespace AttnCrnn.Encoders;

/// <summary>
/// Which of an encoder's hidden states become frames, by transformers' numbers: 0 before the first transformer layer, N
/// after the Nth, before any final norm; <c>last</c> is last_hidden_state, which in Whisper and the models with stable
/// layer norm has gone through the final norm.
/// </summary>
/// <param name="First">The first hidden state.</param>
/// <param name="End">The last one, the deepest layer that is computed.</param>
/// <param name="Kind">What is done with them.</param>
internal sealed record LayerSelection(int First, int End, LayerKind Kind)
{
    /// <summary>The middle of a network of twelve layers.</summary>
    public const string DefaultOfTwelveLayers = "4-8";

    /// <summary>Layers kept side by side.</summary>
    public int LayersToKeep => Kind == LayerKind.All ? End - First + 1 : 1;

    /// <summary>As it is asked for.</summary>
    public override string ToString() =>
        Kind switch
        {
            LayerKind.Last => "last",
            LayerKind.All => "all",
            _ => First == End ? Text(First) : $"{Text(First)}-{Text(End)}",
        };

    /// <param name="text"><c>last</c>, <c>all</c>, <c>N</c> or <c>A-B</c>.</param>
    /// <param name="layers">The network's transformer layers.</param>
    /// <exception cref="InvalidInputException">It is none of these, or the network has no such layer.</exception>
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
            || !int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var end)
        )
            throw new InvalidInputException(
                $"--layers {text}: expected last, all, a layer as in 7, or a range as in {DefaultOfTwelveLayers}"
            );
        if (first > end || end > layers)
            throw new InvalidInputException(
                $"--layers {text}: this network has the layers 0 to {layers}, the smaller one first"
            );
        return new(first, end, LayerKind.Mean);
    }

    private static string Text(int layer) => layer.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What is done with the hidden states that are chosen.</summary>
internal enum LayerKind
{
    /// <summary>Their mean; one is itself.</summary>
    Mean,

    /// <summary>last_hidden_state.</summary>
    Last,

    /// <summary>All are kept, for a mix that is learned.</summary>
    All,
}
