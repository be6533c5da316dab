namespace AttnCrnn.Models;

/// <summary>Names of the layers and tensors of the network, as in Keras. Models and checkpoints hold them.</summary>
internal static class TensorNames
{
    public const string LayerMix = "layer_mix";
    public const string Conv1 = "conv1d";
    public const string Conv2 = "conv1d_1";
    public const string Bidirectional = "bidirectional";
    public const string Forward = "forward_lstm";
    public const string Backward = "backward_lstm";
    public const string ForwardCell = $"{Bidirectional}/{Forward}/lstm_cell";
    public const string BackwardCell = $"{Bidirectional}/{Backward}/lstm_cell";
    public const string Attention = "attention";
    public const string LayerNorm = "layer_normalization";
    public const string BatchNorm = "batch_normalization";
    public const string HiddenDense = "dense";
    public const string OutputDense = "dense_1";

    public const string LayerWeightingKernel = $"{LayerMix}/{KernelPart}";
    public const string AttentionScale = $"{Attention}/{ScalePart}";
    public const string LayerNormGamma = $"{LayerNorm}/{GammaPart}";
    public const string LayerNormBeta = $"{LayerNorm}/beta";
    public const string BatchNormGamma = $"{BatchNorm}/{GammaPart}";
    public const string BatchNormBeta = $"{BatchNorm}/beta";
    public const string BatchNormMean = $"{BatchNorm}/moving_mean";
    public const string BatchNormVariance = $"{BatchNorm}/{VariancePart}";

    // The last parts of names, which tell how a tensor is initialized.
    public const string KernelPart = "kernel";
    public const string RecurrentKernelPart = "recurrent_kernel";
    public const string BiasPart = "bias";
    public const string GammaPart = "gamma";
    public const string VariancePart = "moving_variance";
    public const string ScalePart = "scale";

    public static string GetKernelName(string layer) => $"{layer}/{KernelPart}";

    public static string GetRecurrentKernelName(string cell) => $"{cell}/{RecurrentKernelPart}";

    public static string GetBiasName(string layer) => $"{layer}/{BiasPart}";

    /// <summary>Whether a tensor is the bias of an LSTM's gates.</summary>
    public static bool IsCellBias(string name) => name == GetBiasName(ForwardCell) || name == GetBiasName(BackwardCell);
}
