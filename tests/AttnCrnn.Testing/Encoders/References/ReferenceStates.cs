namespace AttnCrnn.Testing.Encoders.References;

/// <summary>The output of a reference for one clip.</summary>
/// <param name="HiddenStates">
/// [layers + 1][frames][width]: the input of the first layer, then the output of each layer, before a final norm.
/// </param>
/// <param name="LastHiddenState">[frames][width]: the output of the network.</param>
internal sealed record ReferenceStates(double[][][] HiddenStates, double[][] LastHiddenState);
