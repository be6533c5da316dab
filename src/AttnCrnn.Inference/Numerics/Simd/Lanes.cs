using System.Runtime.Intrinsics;

namespace AttnCrnn.Numerics.Simd;

/// <summary>
/// A vector of floats of one register width. Elementwise operations, with multiply-adds fused only where written, are
/// bit-identical for every width.
/// </summary>
internal unsafe interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    static abstract int Count { get; }

    static abstract TSelf Load(float* source);

    static abstract void Store(TSelf value, float* destination);

    static abstract TSelf Broadcast(float value);

    static abstract TSelf operator +(TSelf x, TSelf y);

    static abstract TSelf operator -(TSelf x, TSelf y);

    static abstract TSelf operator *(TSelf x, TSelf y);

    static abstract TSelf operator /(TSelf x, TSelf y);

    /// <summary>x · y + z, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf x, TSelf y, TSelf z);

    static abstract TSelf Sqrt(TSelf x);

    static abstract TSelf Abs(TSelf x);

    /// <summary>The magnitude of one value with the sign of another.</summary>
    /// <param name="magnitude">Not negative.</param>
    static abstract TSelf CopySign(TSelf magnitude, TSelf sign);

    /// <summary>Elementwise: less where x &lt; y, else otherwise (also if either is NaN).</summary>
    static abstract TSelf SelectLess(TSelf x, TSelf y, TSelf less, TSelf otherwise);

    /// <summary>Whether x &lt; y in every lane.</summary>
    static abstract bool LessThanAll(TSelf x, TSelf y);

    /// <summary>The upper 24 bits of each word as a float from 0 to 2²⁴ - 1.</summary>
    static abstract TSelf FromUpperBits(uint* words);

    /// <summary>Decomposes positive normal x into 2ᵉ m with √½ ≤ m &lt; √2.</summary>
    static abstract void Split(TSelf x, out TSelf exponent, out TSelf mantissa);

    /// <summary>x · 2ⁿ in two steps, since 2¹²⁸ is not a float.</summary>
    /// <param name="shifted">1.5 · 2²³ + n, whose lowest bits equal those of n.</param>
    static abstract TSelf ScaleByPowerOfTwo(TSelf x, TSelf shifted);
}

/// <summary>An elementwise operation over several rows.</summary>
internal unsafe interface ILaneMap
{
    /// <param name="source">Rows to read.</param>
    /// <param name="destination">Rows to write; may also be read.</param>
    /// <param name="index">Index into the rows to read.</param>
    /// <param name="shift">Offset from that index to the index into the rows to write.</param>
    static abstract void Apply<TLanes>(float** source, float** destination, nint index, nint shift)
        where TLanes : struct, ILanes<TLanes>;
}

/// <summary>Applies a map along rows, with the widest vectors of this machine.</summary>
internal static unsafe class LaneMap
{
    public static void Run<TMap>(float** source, float** destination, int first, int end, nint shift = 0)
        where TMap : struct, ILaneMap
    {
        nint index = first;
        if (Vector512.IsHardwareAccelerated)
            for (; index <= end - 16; index += 16)
                TMap.Apply<Lanes16>(source, destination, index, shift);
        for (; index <= end - 8; index += 8)
            TMap.Apply<Lanes8>(source, destination, index, shift);
        for (; index < end; index++)
            TMap.Apply<Lane>(source, destination, index, shift);
    }
}
