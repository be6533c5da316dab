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
