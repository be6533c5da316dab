namespace AttnCrnn.Models;

/// <summary>Names of the network's tensors, as in Keras. They are stored in models and checkpoints.</summary>
internal static class TensorNames
{
    public const string Conv1 = "conv1d";
    public const string Conv2 = "conv1d_1";
    public const string ForwardCell = "bidirectional/forward_lstm/lstm_cell";
    public const string BackwardCell = "bidirectional/backward_lstm/lstm_cell";
    public const string HiddenDense = "dense";
    public const string OutputDense = "dense_1";

    public const string LayerWeightingKernel = $"layer_mix/{KernelPart}";
    public const string AttentionScale = $"attention/{ScalePart}";
    public const string LayerNormGamma = $"layer_normalization/{GammaPart}";
    public const string LayerNormBeta = "layer_normalization/beta";
    public const string BatchNormGamma = $"batch_normalization/{GammaPart}";
    public const string BatchNormBeta = "batch_normalization/beta";
    public const string BatchNormMean = "batch_normalization/moving_mean";
    public const string BatchNormVariance = $"batch_normalization/{VariancePart}";

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
