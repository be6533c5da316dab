namespace AttnCrnn.Models.Weights;

/// <summary>A tensor of a network, as its layer declares it.</summary>
/// <param name="Name">Name in Keras' terms, which begins with the layer's.</param>
/// <param name="Shape">Size of each dimension; empty for a scalar.</param>
/// <param name="Initializer">Its values before training.</param>
internal sealed record ParameterShape(string Name, int[] Shape, Initializer Initializer)
{
    /// <summary>Whether the optimizer updates it; false for the running statistics of batch norm.</summary>
    public bool Trainable { get; init; } = true;
}
