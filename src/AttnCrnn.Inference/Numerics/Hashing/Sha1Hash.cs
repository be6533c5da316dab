using System.Buffers.Binary;
using System.Numerics;

namespace AttnCrnn.Numerics.Hashing;

/// <summary>SHA-1 (FIPS 180-4), with the names of the standard. Git identifies files by it.</summary>
internal sealed class Sha1Hash : BlockHash
{
    private const int Rounds = 80;
    private const int WordsPerBlock = 16;

    private readonly uint[] state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];

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

    private void CompressBlock(ReadOnlySpan<byte> block)
    {
        Span<uint> w = stackalloc uint[Rounds];
        for (var t = 0; t < WordsPerBlock; t++)
            w[t] = BinaryPrimitives.ReadUInt32BigEndian(block[(t * sizeof(uint))..]);
        for (var t = WordsPerBlock; t < w.Length; t++)
            w[t] = BitOperations.RotateLeft(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
        var a = state[0];
        var b = state[1];
        var c = state[2];
        var d = state[3];
        var e = state[4];
        for (var t = 0; t < w.Length; t++)
        {
            var sum = BitOperations.RotateLeft(a, 5) + Mix(t, b, c, d) + e + w[t];
            e = d;
            d = c;
            c = BitOperations.RotateLeft(b, 30);
            b = a;
            a = sum;
        }
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
    }

    // f(t; b, c, d) + K(t): choice, parity, majority, parity, for 20 rounds each.
    private static uint Mix(int t, uint b, uint c, uint d) =>
        t switch
        {
            < 20 => (d ^ (b & (c ^ d))) + 0x5a827999,
            < 40 => (b ^ c ^ d) + 0x6ed9eba1,
            < 60 => ((b & c) | (d & (b | c))) + 0x8f1bbcdc,
            _ => (b ^ c ^ d) + 0xca62c1d6,
        };
}
