namespace AttnCrnn.Models;

/// <summary>What follows the dense layer before the classes.</summary>
public enum HeadActivation
{
    /// <summary>x Φ(x), exactly.</summary>
    Gelu,

    /// <summary>GELU's approximation by tanh, as older code computes it; up to 5e-4 off.</summary>
    GeluTanh,

    /// <summary>max(x, 0).</summary>
    Relu,
}
