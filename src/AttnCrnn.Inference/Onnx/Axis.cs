namespace AttnCrnn.Onnx;

/// <summary>One dimension of a graph's input or output.</summary>
/// <param name="Size">Negative: dynamic.</param>
/// <param name="Name">Name of a dynamic dimension; empty: a generated name.</param>
internal readonly record struct Axis(int Size, string Name = "")
{
    /// <summary>A dimension of this size; negative: dynamic.</summary>
    public static implicit operator Axis(int size) => new(size);

    /// <summary>A named dynamic dimension, for example <c>batch</c>.</summary>
    public static implicit operator Axis(string name) => new(-1, name);
}
