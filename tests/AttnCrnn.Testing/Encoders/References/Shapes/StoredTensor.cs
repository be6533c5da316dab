namespace AttnCrnn.Testing.Encoders.References.Shapes;

/// <summary>A tensor as it is written to a checkpoint.</summary>
/// <param name="Name">With the prefix.</param>
/// <param name="Shape">Size of each dimension.</param>
/// <param name="Values">In row-major order.</param>
internal sealed record StoredTensor(string Name, int[] Shape, float[] Values);
