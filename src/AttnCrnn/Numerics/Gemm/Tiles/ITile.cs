namespace AttnCrnn.Numerics.Gemm.Tiles;

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
    /// <param name="a">[Height, depth] in the layout of <typeparamref name="TLeft"/>.</param>
    /// <param name="aStride">From one row of a to the next, for <see cref="LeftRows"/>.</param>
    /// <param name="b">[depth, Width], contiguous.</param>
    /// <param name="c">[Height, Width], rows <paramref name="cStride"/> apart.</param>
    /// <param name="fresh">c = a b: the chains start from 0, and c is not read.</param>
    /// <remarks>
    /// Not to be inlined: the caller's variables would compete with the sums for registers. To be optimized at the
    /// first call: in the published program, which compiles in tiers, the first tier inlines nothing of
    /// <see cref="TileBody{TVector, TOperations}"/>.
    /// </remarks>
    static abstract void Multiply<TLeft>(
        float* a,
        nint aStride,
        float* b,
        int depth,
        float* c,
        nint cStride,
        bool fresh
    )
        where TLeft : struct, ILeftOperand;
}
