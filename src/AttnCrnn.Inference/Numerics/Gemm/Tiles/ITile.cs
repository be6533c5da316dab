namespace AttnCrnn.Numerics.Gemm.Tiles;

/// <summary>
/// A tile of a product, held in registers over the loop on k. Each element is one chain of fused multiply-adds in the
/// order of k, starting from the value in c: results are bit-identical for every tile, and a product can be split
/// anywhere, even along k.
/// </summary>
internal unsafe interface ITile
{
    /// <summary>Rows of c per tile.</summary>
    static abstract int Height { get; }

    /// <summary>Columns of c per tile.</summary>
    static abstract int Width { get; }

    /// <summary>c += a b for a whole tile.</summary>
    /// <param name="a">[Height, depth] in the layout of <typeparamref name="TLeft"/>.</param>
    /// <param name="aStride">Row stride of a in floats, for <see cref="LeftRows"/>.</param>
    /// <param name="b">[depth, Width], contiguous.</param>
    /// <param name="c">[Height, Width], rows <paramref name="cStride"/> apart.</param>
    /// <param name="overwrite">Whether to compute c = a b: the sums start from 0, and c is not read.</param>
    /// <remarks>
    /// Implementations are marked NoInlining: inlined, the caller's variables would compete with the sums for
    /// registers. They are marked AggressiveOptimization: the first tier of tiered compilation would inline nothing of
    /// <see cref="TileBody{TVector, TOperations}"/>.
    /// </remarks>
    static abstract void Multiply<TLeft>(
        float* a,
        nint aStride,
        float* b,
        int depth,
        float* c,
        nint cStride,
        bool overwrite
    )
        where TLeft : struct, ILeftOperand;
}
