using System.Runtime.CompilerServices;

namespace AttnCrnn.Numerics.Gemm.Tiles;

/// <summary>How a tile reads its left operand.</summary>
internal unsafe interface ILeftOperand
{
    /// <summary>How far a moves from one k to the next.</summary>
    /// <param name="height">Rows of the tile.</param>
    static abstract nint Step(int height);

    /// <summary>The element of a row at k.</summary>
    /// <param name="a">The operand, moved by <see cref="Step"/> k times.</param>
    /// <param name="row">Number of the row in the tile.</param>
    /// <param name="start">Where the row starts if rows are apart.</param>
    static abstract float Element(float* a, int row, float* start, nint k);
}

/// <summary>[height, depth], rows apart: an operand read in place. Each row has a pointer of its own.</summary>
internal readonly unsafe struct LeftRows : ILeftOperand
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Step(int height) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Element(float* a, int row, float* start, nint k) => start[k];
}

/// <summary>[depth, height], contiguous: a packed operand. One pointer moves along all rows.</summary>
internal readonly unsafe struct LeftPanel : ILeftOperand
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Step(int height) => height;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Element(float* a, int row, float* start, nint k) => a[row];
}
