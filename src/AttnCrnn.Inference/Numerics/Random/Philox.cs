using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AttnCrnn.Numerics.Random;

/// <summary>
/// Philox 4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): a stateless generator of four
/// 32-bit words from a counter of four words and a key of two.
/// </summary>
internal static class Philox
{
    private const uint Multiplier0 = 0xD2511F53;
    private const uint Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9;
    private const uint Weyl1 = 0xBB67AE85;
    private const int Rounds = 10;

    /// <summary>The words of consecutive counters: c0 increases by one every four words.</summary>
    /// <param name="destination">Length: a multiple of four words.</param>
    public static void Fill(Span<uint> destination, uint c0, uint c1, uint c2, uint c3, ulong key)
    {
        var index = 0;
        if (Avx512F.IsSupported)
            for (; index <= destination.Length - 32; index += 32, c0 += 8)
                FillEightBlocks(destination.Slice(index, 32), c0, c1, c2, c3, key);
        if (Avx2.IsSupported)
            for (; index <= destination.Length - 16; index += 16, c0 += 4)
                FillFourBlocks(destination.Slice(index, 16), c0, c1, c2, c3, key);
        for (; index < destination.Length; index += 4, c0++)
            FillBlock(destination.Slice(index, 4), c0, c1, c2, c3, key);
    }

    /// <summary>The four words of one counter.</summary>
    public static void FillBlock(Span<uint> destination, uint c0, uint c1, uint c2, uint c3, ulong key)
    {
        var k0 = (uint)key;
        var k1 = (uint)(key >> 32);
        for (var round = 0; round < Rounds; round++)
        {
            ulong product0 = (ulong)Multiplier0 * c0,
                product1 = (ulong)Multiplier1 * c2;
            c0 = (uint)(product1 >> 32) ^ c1 ^ k0;
            c1 = (uint)product1;
            c2 = (uint)(product0 >> 32) ^ c3 ^ k1;
            c3 = (uint)product0;
            k0 += Weyl0;
            k1 += Weyl1;
        }
        destination[0] = c0;
        destination[1] = c1;
        destination[2] = c2;
        destination[3] = c3;
    }

    // Four counters in parallel, each word in the lower half of a 64-bit lane; the upper half is ignored.
    private static void FillFourBlocks(Span<uint> destination, uint first, uint c1, uint c2, uint c3, ulong key)
    {
        var k0 = (uint)key;
        var k1 = (uint)(key >> 32);
        var m0 = Vector256.Create((ulong)Multiplier0).AsUInt32();
        var m1 = Vector256.Create((ulong)Multiplier1).AsUInt32();
        var v0 = Vector256.Create((ulong)first, first + 1, first + 2, first + 3);
        var v1 = Vector256.Create((ulong)c1);
        var v2 = Vector256.Create((ulong)c2);
        var v3 = Vector256.Create((ulong)c3);
        for (var round = 0; round < Rounds; round++)
        {
            var product0 = Avx2.Multiply(m0, v0.AsUInt32());
            var product1 = Avx2.Multiply(m1, v2.AsUInt32());
            v0 = Vector256.ShiftRightLogical(product1, 32) ^ v1 ^ Vector256.Create((ulong)k0);
            v1 = product1;
            v2 = Vector256.ShiftRightLogical(product0, 32) ^ v3 ^ Vector256.Create((ulong)k1);
            v3 = product0;
            k0 += Weyl0;
            k1 += Weyl1;
        }
        // (w0, w1) and (w2, w3) of each counter, then counter by counter.
        var low = (v0 & Vector256.Create((ulong)uint.MaxValue)) | Vector256.ShiftLeft(v1, 32);
        var high = (v2 & Vector256.Create((ulong)uint.MaxValue)) | Vector256.ShiftLeft(v3, 32);
        Vector256<ulong> even = Avx2.UnpackLow(low, high),
            odd = Avx2.UnpackHigh(low, high);
        Avx2.Permute2x128(even, odd, 0x20).AsUInt32().CopyTo(destination);
        Avx2.Permute2x128(even, odd, 0x31).AsUInt32().CopyTo(destination[8..]);
    }

    private static void FillEightBlocks(Span<uint> destination, uint first, uint c1, uint c2, uint c3, ulong key)
    {
        var k0 = (uint)key;
        var k1 = (uint)(key >> 32);
        var m0 = Vector512.Create((ulong)Multiplier0).AsUInt32();
        var m1 = Vector512.Create((ulong)Multiplier1).AsUInt32();
        var v0 = Vector512.Create(
            (ulong)first,
            first + 1,
            first + 2,
            first + 3,
            first + 4,
            first + 5,
            first + 6,
            first + 7
        );
        var v1 = Vector512.Create((ulong)c1);
        var v2 = Vector512.Create((ulong)c2);
        var v3 = Vector512.Create((ulong)c3);
        for (var round = 0; round < Rounds; round++)
        {
            var product0 = Avx512F.Multiply(m0, v0.AsUInt32());
            var product1 = Avx512F.Multiply(m1, v2.AsUInt32());
            v0 = Vector512.ShiftRightLogical(product1, 32) ^ v1 ^ Vector512.Create((ulong)k0);
            v1 = product1;
            v2 = Vector512.ShiftRightLogical(product0, 32) ^ v3 ^ Vector512.Create((ulong)k1);
            v3 = product0;
            k0 += Weyl0;
            k1 += Weyl1;
        }
        var low = (v0 & Vector512.Create((ulong)uint.MaxValue)) | Vector512.ShiftLeft(v1, 32);
        var high = (v2 & Vector512.Create((ulong)uint.MaxValue)) | Vector512.ShiftLeft(v3, 32);
        Avx512F
            .PermuteVar8x64x2(low, Vector512.Create(0UL, 8, 1, 9, 2, 10, 3, 11), high)
            .AsUInt32()
            .CopyTo(destination);
        Avx512F
            .PermuteVar8x64x2(low, Vector512.Create(4UL, 12, 5, 13, 6, 14, 7, 15), high)
            .AsUInt32()
            .CopyTo(destination[16..]);
    }
}
