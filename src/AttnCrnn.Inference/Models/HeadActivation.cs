using AttnCrnn.Numerics.Elementwise;

namespace AttnCrnn.Models;

/// <summary>Activation of the hidden dense layer.</summary>
public enum HeadActivation
{
    /// <summary>Exact GELU, x Φ(x).</summary>
    Gelu,

    /// <summary>The tanh approximation of GELU; error up to 5e-4.</summary>
    GeluTanh,

    /// <summary>max(x, 0).</summary>
    Relu,
}

/// <summary>A function of each element.</summary>
/// <param name="x">The elements.</param>
/// <param name="destination">May be <paramref name="x"/>.</param>
internal delegate void ElementFunction(ReadOnlySpan<float> x, Span<float> destination);

/// <summary>
/// The activations: a new one is its function and derivative in <see cref="VectorMath"/>, its value of
/// <see cref="HeadActivation"/> and its line in the table; Keras and ONNX have their names for it.
/// </summary>
internal static class HeadActivations
{
    private static readonly Entry[] Table =
    [
        new("gelu", HeadActivation.Gelu, VectorMath.Gelu, VectorMath.GeluDerivative),
        new("gelu_tanh", HeadActivation.GeluTanh, VectorMath.GeluTanh, VectorMath.GeluTanhDerivative),
        new("relu", HeadActivation.Relu, VectorMath.Relu, VectorMath.ReluDerivative),
    ];

    /// <summary>All activations by name, in the order of the help.</summary>
    public static (string Name, HeadActivation Activation)[] All { get; } =
    [.. Table.Select(entry => (entry.Name, entry.Activation))];

    /// <summary>The name of an activation.</summary>
    public static string Format(HeadActivation activation) => Find(activation).Name;

    /// <summary>The function.</summary>
    public static ElementFunction GetFunction(HeadActivation activation) => Find(activation).Function;

    /// <summary>Its derivative at x.</summary>
    public static ElementFunction GetDerivative(HeadActivation activation) => Find(activation).Derivative;

    private static Entry Find(HeadActivation activation) =>
        Array.Find(Table, entry => entry.Activation == activation)
        ?? throw new ArgumentOutOfRangeException(nameof(activation), activation, "is not an activation");

    private sealed record Entry(
        string Name,
        HeadActivation Activation,
        ElementFunction Function,
        ElementFunction Derivative
    );
}
