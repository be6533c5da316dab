namespace AttnCrnn.Models;

/// <summary>Names of layers and parts of the names of tensors, as in Keras. Models and checkpoints hold them.</summary>
internal static class TensorNames
{
    public const string LayerMix = "layer_mix";
    public const string Bidirectional = "bidirectional";
    public const string Forward = "forward_lstm";
    public const string Backward = "backward_lstm";
    public const string ForwardCellPart = $"{Forward}/lstm_cell";
    public const string BackwardCellPart = $"{Backward}/lstm_cell";
    public const string OutputDense = "dense_1";

    public const string LayerWeightingKernel = $"{LayerMix}/{KernelPart}";

    // The last parts of names.
    public const string KernelPart = "kernel";
    public const string RecurrentKernelPart = "recurrent_kernel";
    public const string BiasPart = "bias";
    public const string GammaPart = "gamma";
    public const string BetaPart = "beta";
    public const string MeanPart = "moving_mean";
    public const string VariancePart = "moving_variance";
    public const string ScalePart = "scale";
}
