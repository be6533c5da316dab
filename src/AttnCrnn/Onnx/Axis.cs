namespace AttnCrnn.Onnx;

/// <summary>One dimension of a graph's input or output.</summary>
/// <param name="Size">Negative: free.</param>
/// <param name="Name">What a free one is called; empty: nothing of its own.</param>
internal readonly record struct Axis(int Size, string Name = "")
{
    /// <summary>A size; negative: free.</summary>
    public static implicit operator Axis(int size) => new(size);

    /// <summary>A free one with a name, as in <c>batch</c>.</summary>
    public static implicit operator Axis(string name) => new(-1, name);
}
