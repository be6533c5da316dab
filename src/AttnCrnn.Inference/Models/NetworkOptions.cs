using AttnCrnn.Models.Networks;
using AttnCrnn.Options;

namespace AttnCrnn.Models;

/// <summary>The layers, sizes and dropout rates of the network; the defaults are the values of "v2".</summary>
/// <param name="Width">Feature dimension per encoder layer.</param>
/// <param name="Classes">Number of labels.</param>
public sealed record NetworkOptions(int Width, int Classes)
{
    /// <summary>Which layers the network has.</summary>
    public NetworkVersion Version { get; init; }

    /// <summary>How the frames of a clip become one vector, in v2; the other versions have their own.</summary>
    public TemporalPooling Pooling { get; init; }

    /// <summary>Normalization of the hidden dense layer; v1 has none.</summary>
    public HeadNormalization HeadNormalization { get; init; }

    /// <summary>Activation of the hidden dense layer; v1 has ReLU.</summary>
    public HeadActivation Activation { get; init; }

    /// <summary>
    /// Encoder layers per frame, concatenated; if there are several, the network starts with their learned weighted
    /// sum.
    /// </summary>
    public int EncoderLayers { get; init; } = 1;

    /// <summary>Feature dimension over all encoder layers.</summary>
    public int FrameWidth => Width * EncoderLayers;

    /// <summary>Filters of the first convolution.</summary>
    public int Conv1Filters { get; init; } = 128;

    /// <summary>Filters of the second convolution.</summary>
    public int Conv2Filters { get; init; } = 256;

    /// <summary>LSTM units per direction.</summary>
    public int LstmUnits { get; init; } = 128;

    /// <summary>Units of the hidden dense layer.</summary>
    public int DenseUnits { get; init; } = 256;

    /// <summary>Dropout rate of the LSTM's input, one mask per clip.</summary>
    public double LstmDropout { get; init; } = 0.3;

    /// <summary>Dropout rate of the LSTM's state, one mask per clip.</summary>
    public double RecurrentDropout { get; init; } = 0.3;

    /// <summary>Dropout rate after the LSTM.</summary>
    public double Dropout { get; init; } = 0.3;

    /// <summary>Dropout rate before the output layer.</summary>
    public double HeadDropout { get; init; } = 0.4;

    /// <summary>
    /// Whether to use direct convolution, which takes 1.7 times as long per training step as Winograd's algorithm and
    /// rounds slightly differently.
    /// </summary>
    public bool ExactConvolution { get; init; }

    // Parts of v2 that archives of other programs may lack.

    /// <summary>Whether the attention scores are multiplied by a learned scale.</summary>
    internal bool HasAttentionScale { get; init; } = true;

    /// <summary>Whether the attention has a residual connection.</summary>
    internal bool HasResidual { get; init; } = true;

    /// <summary>Whether layer norm follows the attention.</summary>
    internal bool HasLayerNorm { get; init; } = true;

    /// <summary>
    /// The predecessor of v2, as a baseline. Its authors do not report all hyperparameters; these are our choices:
    /// dropout 0.2 after the LSTM and before the output layer, none within the LSTM, 128 dense units.
    /// </summary>
    public static NetworkOptions CreateV1(int width, int classes) =>
        new NetworkOptions(width, classes).WithV1Layers() with
        {
            LstmDropout = 0,
            RecurrentDropout = 0,
            Dropout = 0.2,
            HeadDropout = 0.2,
            DenseUnits = 128,
        };

    /// <summary>The same sizes and dropout rates with v1's layers.</summary>
    internal NetworkOptions WithV1Layers() =>
        this with
        {
            Version = NetworkVersion.V1,
            Pooling = TemporalPooling.Mean,
            HasAttentionScale = false,
            HasResidual = false,
            HasLayerNorm = false,
            HeadNormalization = HeadNormalization.None,
            Activation = HeadActivation.Relu,
        };

    /// <summary>The same options with all parts of their version.</summary>
    internal NetworkOptions WithAllParts() =>
        this with
        {
            HasAttentionScale = true,
            HasResidual = true,
            HasLayerNorm = true,
        };

    /// <summary>The layers of the network.</summary>
    internal NetworkDeclaration Declare() => NetworkVersions.Declare(this);

    /// <summary>Minimum frames per clip: two poolings leave one.</summary>
    public const int MinFrames = 4;

    /// <summary>
    /// Maximum length that clips may be padded to, in frames: attention is quadratic in a quarter of it.
    /// </summary>
    public const int MaxPadding = 1 << 14;

    /// <summary>Returns all validation errors.</summary>
    public IEnumerable<string> Errors()
    {
        (string Name, int Value, int Max)[] sizes =
        [
            ("width", Width, 1 << 16),
            ("layers", EncoderLayers, 1 << 8),
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
        if (!Enum.IsDefined(Pooling) || !Enum.IsDefined(HeadNormalization) || !Enum.IsDefined(Activation))
            yield return $"{(int)Pooling}, {(int)HeadNormalization}, {(int)Activation}: "
                + "expected a pooling, a normalization and an activation";
        if (Pooling != TemporalPooling.Mean && !NetworkVersions.HasOption(Version, OptionKeys.Pooling))
            yield return $"pooling {Pooling}: {NetworkVersions.Format(Version)} has its own";
        if (HeadNormalization == HeadNormalization.Layer && !NetworkVersions.HasOption(Version, OptionKeys.HeadNorm))
            yield return $"normalization {HeadNormalization}: {NetworkVersions.Format(Version)} has none";
        if (Activation == HeadActivation.GeluTanh && !NetworkVersions.HasOption(Version, OptionKeys.Activation))
            yield return $"activation {Activation}: {NetworkVersions.Format(Version)} has its own";
        foreach (var (name, value) in probabilities)
            if (value is not (>= 0 and < 1))
                yield return $"{name} {value}: expected 0 (off) to less than 1";
    }
}
