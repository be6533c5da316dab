using System.Runtime.CompilerServices;
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
            for (; index <= destination.Length - 128; index += 128, c0 += 32)
                FillBlocks512(destination.Slice(index, 128), c0, c1, c2, c3, key);
        if (Avx2.IsSupported)
            for (; index <= destination.Length - 32; index += 32, c0 += 8)
                FillBlocks256(destination.Slice(index, 32), c0, c1, c2, c3, key);
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

    // 32 counters: four groups, which hide the latency of each other's multiplications.
    private static void FillBlocks512(Span<uint> destination, uint first, uint c1, uint c2, uint c3, ulong key)
    {
        var counters = Vector512.Create((ulong)first) + Vector512.Create(0UL, 1, 2, 3, 4, 5, 6, 7);
        var a = new Group512(counters, c1, c2, c3);
        var b = new Group512(counters + Vector512.Create(8UL), c1, c2, c3);
        var c = new Group512(counters + Vector512.Create(16UL), c1, c2, c3);
        var d = new Group512(counters + Vector512.Create(24UL), c1, c2, c3);
        var k0 = Vector512.Create((ulong)(uint)key);
        var k1 = Vector512.Create(key >> 32);
        for (var round = 0; round < Rounds; round++)
        {
            a.Mix(k0, k1);
            b.Mix(k0, k1);
            c.Mix(k0, k1);
            d.Mix(k0, k1);
            k0 += Vector512.Create((ulong)Weyl0);
            k1 += Vector512.Create((ulong)Weyl1);
        }
        a.CopyTo(destination);
        b.CopyTo(destination[32..]);
        c.CopyTo(destination[64..]);
        d.CopyTo(destination[96..]);
    }

    // Eight counters: two groups, which hide the latency of each other's multiplications.
    private static void FillBlocks256(Span<uint> destination, uint first, uint c1, uint c2, uint c3, ulong key)
    {
        var counters = Vector256.Create((ulong)first) + Vector256.Create(0UL, 1, 2, 3);
        var a = new Group256(counters, c1, c2, c3);
        var b = new Group256(counters + Vector256.Create(4UL), c1, c2, c3);
        var k0 = Vector256.Create((ulong)(uint)key);
        var k1 = Vector256.Create(key >> 32);
        for (var round = 0; round < Rounds; round++)
        {
            a.Mix(k0, k1);
            b.Mix(k0, k1);
            k0 += Vector256.Create((ulong)Weyl0);
            k1 += Vector256.Create((ulong)Weyl1);
        }
        a.CopyTo(destination);
        b.CopyTo(destination[16..]);
    }

    // Eight counters, each word in the lower half of a 64-bit lane; the upper half is ignored.
    private struct Group512(Vector512<ulong> counters, uint c1, uint c2, uint c3)
    {
        private Vector512<ulong> v0 = counters;
        private Vector512<ulong> v1 = Vector512.Create((ulong)c1);
        private Vector512<ulong> v2 = Vector512.Create((ulong)c2);
        private Vector512<ulong> v3 = Vector512.Create((ulong)c3);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Mix(Vector512<ulong> k0, Vector512<ulong> k1)
        {
            var product0 = Avx512F.Multiply(Vector512.Create((ulong)Multiplier0).AsUInt32(), v0.AsUInt32());
            var product1 = Avx512F.Multiply(Vector512.Create((ulong)Multiplier1).AsUInt32(), v2.AsUInt32());
            v0 = Vector512.ShiftRightLogical(product1, 32) ^ v1 ^ k0;
            v1 = product1;
            v2 = Vector512.ShiftRightLogical(product0, 32) ^ v3 ^ k1;
            v3 = product0;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void CopyTo(Span<uint> destination)
        {
            // (w0, w1) and (w2, w3) of each counter, then counter by counter.
            var low = (v0 & Vector512.Create((ulong)uint.MaxValue)) | Vector512.ShiftLeft(v1, 32);
            var high = (v2 & Vector512.Create((ulong)uint.MaxValue)) | Vector512.ShiftLeft(v3, 32);
            var first = Avx512F.PermuteVar8x64x2(low, Vector512.Create(0UL, 8, 1, 9, 2, 10, 3, 11), high);
            var last = Avx512F.PermuteVar8x64x2(low, Vector512.Create(4UL, 12, 5, 13, 6, 14, 7, 15), high);
            first.AsUInt32().CopyTo(destination);
            last.AsUInt32().CopyTo(destination[16..]);
        }
    }

    // Four counters, each word in the lower half of a 64-bit lane; the upper half is ignored.
    private struct Group256(Vector256<ulong> counters, uint c1, uint c2, uint c3)
    {
        private Vector256<ulong> v0 = counters;
        private Vector256<ulong> v1 = Vector256.Create((ulong)c1);
        private Vector256<ulong> v2 = Vector256.Create((ulong)c2);
        private Vector256<ulong> v3 = Vector256.Create((ulong)c3);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Mix(Vector256<ulong> k0, Vector256<ulong> k1)
        {
            var product0 = Avx2.Multiply(Vector256.Create((ulong)Multiplier0).AsUInt32(), v0.AsUInt32());
            var product1 = Avx2.Multiply(Vector256.Create((ulong)Multiplier1).AsUInt32(), v2.AsUInt32());
            v0 = Vector256.ShiftRightLogical(product1, 32) ^ v1 ^ k0;
            v1 = product1;
            v2 = Vector256.ShiftRightLogical(product0, 32) ^ v3 ^ k1;
            v3 = product0;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void CopyTo(Span<uint> destination)
        {
            // (w0, w1) and (w2, w3) of each counter, then counter by counter.
            var low = (v0 & Vector256.Create((ulong)uint.MaxValue)) | Vector256.ShiftLeft(v1, 32);
            var high = (v2 & Vector256.Create((ulong)uint.MaxValue)) | Vector256.ShiftLeft(v3, 32);
            var even = Avx2.UnpackLow(low, high);
            var odd = Avx2.UnpackHigh(low, high);
            Avx2.Permute2x128(even, odd, 0x20).AsUInt32().CopyTo(destination);
            Avx2.Permute2x128(even, odd, 0x31).AsUInt32().CopyTo(destination[8..]);
        }
    }
}
