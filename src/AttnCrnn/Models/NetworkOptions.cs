namespace AttnCrnn.Models;

/// <summary>The layers, widths and dropouts of the network; the defaults are the recipe's for "v2".</summary>
/// <param name="Width">Numbers a frame and layer.</param>
/// <param name="Classes">Labels.</param>
public sealed record NetworkOptions(int Width, int Classes)
{
    /// <summary><c>v1</c> where it has none of what v2 brought: a scale of the attention, its residual, its norm, batch norm, GELU; otherwise <c>v2</c>.</summary>
    public string Version =>
        HasAttentionScale || HasResidual || HasLayerNorm || HasBatchNorm || Activation != HeadActivation.Relu
            ? "v2"
            : "v1";

    /// <summary>Whether the attention's scores are scaled by a learned number; otherwise they stay as they are.</summary>
    public bool HasAttentionScale { get; init; } = true;

    /// <summary>Whether what goes into the attention is added to what comes out.</summary>
    public bool HasResidual { get; init; } = true;

    /// <summary>Whether the frames are normalised after the attention.</summary>
    public bool HasLayerNorm { get; init; } = true;

    /// <summary>Whether batch norm stands before the activation.</summary>
    public bool HasBatchNorm { get; init; } = true;

    /// <summary>Of the dense layer before the classes.</summary>
    public HeadActivation Activation { get; init; }

    /// <summary>Layers of the encoder that a frame has side by side; where there are several, the network begins with their learned mix.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>Numbers a frame over all its layers.</summary>
    public int FrameWidth => Width * Layers;

    /// <summary>Filters of the first convolution.</summary>
    public int Conv1Filters { get; init; } = 128;

    /// <summary>Filters of the second convolution.</summary>
    public int Conv2Filters { get; init; } = 256;

    /// <summary>Units of the LSTM in each direction.</summary>
    public int LstmUnits { get; init; } = 128;

    /// <summary>Units of the dense layer before the classes.</summary>
    public int DenseUnits { get; init; } = 256;

    /// <summary>Dropout of the LSTM's input, one mask a clip.</summary>
    public double LstmDropout { get; init; } = 0.3;

    /// <summary>Dropout of the LSTM's state, one mask a clip.</summary>
    public double RecurrentDropout { get; init; } = 0.3;

    /// <summary>Dropout after the LSTM.</summary>
    public double Dropout { get; init; } = 0.3;

    /// <summary>Dropout before the classes.</summary>
    public double HeadDropout { get; init; } = 0.4;

    /// <summary>Whether convolutions go by direct products, and not by Winograd's, which round a little differently and make a step in three fifths of the time.</summary>
    public bool ExactConvolution { get; init; }

    /// <summary>
    /// The network that v2 replaced, so that v2's claims can be measured. Its authors left out some figures; these are ours: dropout .2 after the LSTM and
    /// before the classes, none within the LSTM, Dense of 128.
    /// </summary>
    public static NetworkOptions V1(int width, int classes) =>
        new NetworkOptions(width, classes).LikeV1() with
        {
            LstmDropout = 0,
            RecurrentDropout = 0,
            Dropout = 0.2,
            HeadDropout = 0.2,
            DenseUnits = 128,
        };

    /// <summary>The same widths and dropouts with v1's layers.</summary>
    internal NetworkOptions LikeV1() =>
        this with
        {
            HasAttentionScale = false,
            HasResidual = false,
            HasLayerNorm = false,
            HasBatchNorm = false,
            Activation = HeadActivation.Relu,
        };

    /// <summary>The fewest frames of a clip: two poolings leave one.</summary>
    public const int MinFrames = 4;

    /// <summary>The most frames that a model may have its clips padded to: the attention compares a quarter of them with each other.</summary>
    public const int MaxPadding = 1 << 14;

    /// <summary>All that is wrong with the values.</summary>
    public IEnumerable<string> Errors()
    {
        (string Name, int Value, int Most)[] sizes =
        [
            ("width", Width, 1 << 16),
            ("layers", Layers, 1 << 8),
            ("classes", Classes, 1 << 12),
            ("conv1", Conv1Filters, 1 << 13),
            ("conv2", Conv2Filters, 1 << 13),
            ("lstm_units", LstmUnits, 1 << 12),
            ("dense", DenseUnits, 1 << 13),
        ];
        foreach (var (name, value, max) in sizes)
            if (value < 1 || value > max)
                yield return $"{name} {value}: expected 1 to {max}";
        (string Name, double Value)[] probabilities =
        [
            ("lstm_dropout", LstmDropout),
            ("recurrent_dropout", RecurrentDropout),
            ("dropout", Dropout),
            ("head_dropout", HeadDropout),
        ];
        foreach (var (name, value) in probabilities)
            if (value is not (>= 0 and < 1))
                yield return $"{name} {value}: expected 0 (off) to less than 1";
    }
}
