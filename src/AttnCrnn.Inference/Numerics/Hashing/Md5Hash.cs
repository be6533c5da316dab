using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace AttnCrnn.Numerics.Hashing;

/// <summary>MD5 (RFC 1321), with the names of the standard. FLAC stores it of a recording's samples.</summary>
internal sealed class Md5Hash : BlockHash
{
    private const int StepsPerRound = 16;

    private uint stateA = 0x67452301;
    private uint stateB = 0xefcdab89;
    private uint stateC = 0x98badcfe;
    private uint stateD = 0x10325476;

    protected override void Compress(ReadOnlySpan<byte> blocks)
    {
        for (; blocks.Length >= BlockBytes; blocks = blocks[BlockBytes..])
            CompressBlock(blocks[..BlockBytes]);
    }

    protected override void WriteLength(Span<byte> destination, ulong lengthInBits) =>
        BinaryPrimitives.WriteUInt64LittleEndian(destination, lengthInBits);

    protected override byte[] WriteHash()
    {
        var hash = new byte[4 * sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(hash, stateA);
        BinaryPrimitives.WriteUInt32LittleEndian(hash.AsSpan(4), stateB);
        BinaryPrimitives.WriteUInt32LittleEndian(hash.AsSpan(8), stateC);
        BinaryPrimitives.WriteUInt32LittleEndian(hash.AsSpan(12), stateD);
        return hash;
    }

    // Four steps rename each of the four variables once, so that no value is moved.
    private void CompressBlock(ReadOnlySpan<byte> block)
    {
        var a = stateA;
        var b = stateB;
        var c = stateC;
        var d = stateD;
        Round1(block, ref a, ref b, ref c, ref d);
        Round2(block, ref a, ref b, ref c, ref d);
        Round3(block, ref a, ref b, ref c, ref d);
        Round4(block, ref a, ref b, ref c, ref d);
        stateA += a;
        stateB += b;
        stateC += c;
        stateD += d;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round1(ReadOnlySpan<byte> block, ref uint a, ref uint b, ref uint c, ref uint d)
    {
        var t = Md5Constants.T[..StepsPerRound];
        for (var i = 0; i < StepsPerRound; i += 4)
        {
            a = b + BitOperations.RotateLeft(a + (d ^ (b & (c ^ d))) + Word(block, i) + t[i], 7);
            d = a + BitOperations.RotateLeft(d + (c ^ (a & (b ^ c))) + Word(block, i + 1) + t[i + 1], 12);
            c = d + BitOperations.RotateLeft(c + (b ^ (d & (a ^ b))) + Word(block, i + 2) + t[i + 2], 17);
            b = c + BitOperations.RotateLeft(b + (a ^ (c & (d ^ a))) + Word(block, i + 3) + t[i + 3], 22);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round2(ReadOnlySpan<byte> block, ref uint a, ref uint b, ref uint c, ref uint d)
    {
        var t = Md5Constants.T.Slice(StepsPerRound, StepsPerRound);
        for (var i = 0; i < StepsPerRound; i += 4)
        {
            a = b + BitOperations.RotateLeft(a + (c ^ (d & (b ^ c))) + Word(block, (5 * i) + 1) + t[i], 5);
            d = a + BitOperations.RotateLeft(d + (b ^ (c & (a ^ b))) + Word(block, (5 * i) + 6) + t[i + 1], 9);
            c = d + BitOperations.RotateLeft(c + (a ^ (b & (d ^ a))) + Word(block, (5 * i) + 11) + t[i + 2], 14);
            b = c + BitOperations.RotateLeft(b + (d ^ (a & (c ^ d))) + Word(block, (5 * i) + 16) + t[i + 3], 20);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round3(ReadOnlySpan<byte> block, ref uint a, ref uint b, ref uint c, ref uint d)
    {
        var t = Md5Constants.T.Slice(2 * StepsPerRound, StepsPerRound);
        for (var i = 0; i < StepsPerRound; i += 4)
        {
            a = b + BitOperations.RotateLeft(a + (b ^ c ^ d) + Word(block, (3 * i) + 5) + t[i], 4);
            d = a + BitOperations.RotateLeft(d + (a ^ b ^ c) + Word(block, (3 * i) + 8) + t[i + 1], 11);
            c = d + BitOperations.RotateLeft(c + (d ^ a ^ b) + Word(block, (3 * i) + 11) + t[i + 2], 16);
            b = c + BitOperations.RotateLeft(b + (c ^ d ^ a) + Word(block, (3 * i) + 14) + t[i + 3], 23);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round4(ReadOnlySpan<byte> block, ref uint a, ref uint b, ref uint c, ref uint d)
    {
        var t = Md5Constants.T.Slice(3 * StepsPerRound, StepsPerRound);
        for (var i = 0; i < StepsPerRound; i += 4)
        {
            a = b + BitOperations.RotateLeft(a + (c ^ (b | ~d)) + Word(block, 7 * i) + t[i], 6);
            d = a + BitOperations.RotateLeft(d + (b ^ (a | ~c)) + Word(block, (7 * i) + 7) + t[i + 1], 10);
            c = d + BitOperations.RotateLeft(c + (a ^ (d | ~b)) + Word(block, (7 * i) + 14) + t[i + 2], 15);
            b = c + BitOperations.RotateLeft(b + (d ^ (c | ~a)) + Word(block, (7 * i) + 21) + t[i + 3], 21);
        }
    }

    // Word i modulo 16 of a block.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Word(ReadOnlySpan<byte> block, int i) =>
        BinaryPrimitives.ReadUInt32LittleEndian(block[((i % StepsPerRound) * sizeof(uint))..]);
}
