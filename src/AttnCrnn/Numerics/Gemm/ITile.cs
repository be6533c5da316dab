namespace AttnCrnn.Numerics.Gemm;

/// <summary>
/// A tile of a product kept in registers while k runs. Each of its elements is one chain of fused multiply-adds in the order of k, which
/// begins with what stands in c: so every tile gives the same bits, and a product can be cut anywhere, along k too.
/// </summary>
internal unsafe interface ITile
{
    /// <summary>Rows of c at once.</summary>
    static abstract int Height { get; }

    /// <summary>Columns of c at once.</summary>
    static abstract int Width { get; }

    /// <summary>c += a b for a whole tile.</summary>
    /// <param name="a">[Height, depth], rows <paramref name="aStride"/> apart.</param>
    /// <param name="b">[depth, Width], end to end.</param>
    /// <param name="c">[Height, Width], rows <paramref name="cStride"/> apart.</param>
    /// <param name="fresh">c = a b: the chains begin with 0, and what stands in c is not looked at.</param>
    static abstract void MultiplyRows(float* a, nint aStride, float* b, int depth, float* c, nint cStride, bool fresh);

    /// <summary>c += aᵀ b for a whole tile.</summary>
    /// <param name="a">[depth, Height], end to end.</param>
    /// <param name="b">[depth, Width], end to end.</param>
    /// <param name="c">[Height, Width], rows <paramref name="cStride"/> apart.</param>
    /// <param name="fresh">c = aᵀ b: the chains begin with 0, and what stands in c is not looked at.</param>
    static abstract void MultiplyPacked(float* a, float* b, int depth, float* c, nint cStride, bool fresh);
}
