namespace AttnCrnn.Numerics.Gemm;

/// <summary>
/// A tile of a product, held in registers over the loop on k. Each element is one chain of fused multiply-adds in the
/// order of k, starting from the value in c: every tile gives the same bits, and a product can be split anywhere, even
/// along k.
/// </summary>
internal unsafe interface ITile
{
    /// <summary>Rows of c per tile.</summary>
    static abstract int Height { get; }

    /// <summary>Columns of c per tile.</summary>
    static abstract int Width { get; }

    /// <summary>c += a b for a whole tile.</summary>
    /// <param name="a">[Height, depth], rows <paramref name="aStride"/> apart.</param>
    /// <param name="b">[depth, Width], contiguous.</param>
    /// <param name="c">[Height, Width], rows <paramref name="cStride"/> apart.</param>
    /// <param name="fresh">c = a b: the chains start from 0, and c is not read.</param>
    static abstract void MultiplyRows(float* a, nint aStride, float* b, int depth, float* c, nint cStride, bool fresh);

    /// <summary>c += aᵀ b for a whole tile.</summary>
    /// <param name="a">[depth, Height], contiguous.</param>
    /// <param name="b">[depth, Width], contiguous.</param>
    /// <param name="c">[Height, Width], rows <paramref name="cStride"/> apart.</param>
    /// <param name="fresh">c = aᵀ b: the chains start from 0, and c is not read.</param>
    static abstract void MultiplyPacked(float* a, float* b, int depth, float* c, nint cStride, bool fresh);
}
