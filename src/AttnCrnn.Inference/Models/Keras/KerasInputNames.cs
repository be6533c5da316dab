namespace AttnCrnn.Models.Keras;

/// <summary>Names of the graph's input that tell which preprocessing is not in the graph.</summary>
internal static class KerasInputNames
{
    /// <summary>
    /// Input name of models whose frames are normalized per speaker; only this name survives when Keras saves the
    /// archive again.
    /// </summary>
    public const string Normalized = "normalised_features";

    /// <summary>
    /// Input name of models whose clips must be zero-padded first, as in the reference Keras implementation.
    /// </summary>
    public const string Padded = "padded_features";
}
