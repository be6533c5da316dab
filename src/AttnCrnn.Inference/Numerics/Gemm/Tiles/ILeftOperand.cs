using System.Runtime.CompilerServices;

namespace AttnCrnn.Numerics.Gemm.Tiles;

/// <summary>Memory layout of a tile's left operand.</summary>
internal unsafe interface ILeftOperand
{
    /// <summary>Number of floats by which the pointer a advances per k.</summary>
    /// <param name="height">Rows of the tile.</param>
    static abstract nint GetStep(int height);

    /// <summary>The element of a row at k.</summary>
    /// <param name="a">The operand, advanced k times by <see cref="GetStep"/>.</param>
    /// <param name="row">Row index in the tile.</param>
    /// <param name="start">First element of the row, for <see cref="LeftRows"/>.</param>
    static abstract float GetElement(float* a, int row, float* start, nint k);
}

/// <summary>[height, depth], strided rows: an operand read in place, with one pointer per row.</summary>
internal readonly unsafe struct LeftRows : ILeftOperand
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint GetStep(int height) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float GetElement(float* a, int row, float* start, nint k) => start[k];
}

/// <summary>[depth, height], contiguous: a packed operand, with one pointer for all rows.</summary>
internal readonly unsafe struct LeftPanel : ILeftOperand
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint GetStep(int height) => height;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float GetElement(float* a, int row, float* start, nint k) => a[row];
}
