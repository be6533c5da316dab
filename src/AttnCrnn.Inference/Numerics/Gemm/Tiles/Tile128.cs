using System.Runtime.CompilerServices;
using static AttnCrnn.Numerics.Gemm.Tiles.TileBody<
    System.Runtime.Intrinsics.Vector128<float>,
    AttnCrnn.Numerics.Gemm.Tiles.Operations128
>;

namespace AttnCrnn.Numerics.Gemm.Tiles;

#pragma warning disable IDE0065 // an alias of types that only the directive above brings in
using Sums = Stacked<Stacked<Row, Row>, Stacked<Row, Row>>;
#pragma warning restore IDE0065

/// <summary>
/// 4 rows by 8 columns in 128-bit vectors, which .NET supports on every processor, emulated if necessary.
/// </summary>
internal readonly unsafe struct Tile128 : ITile
{
    public static int Height => Sums.Height;

    public static int Width => Columns;

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TLeft>(
        float* a,
        nint aStride,
        float* b,
        int depth,
        float* c,
        nint cStride,
        bool overwrite
    )
        where TLeft : struct, ILeftOperand => Multiply<Sums, TLeft>(a, aStride, b, depth, c, cStride, overwrite);
}
