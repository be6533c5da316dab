namespace AttnCrnn.Numerics.Hashing;

/// <summary>
/// A hash over blocks of 64 bytes: SHA-256, SHA-1 or MD5. .NET computes these with OpenSSL on Linux, and ends the
/// process if that library is missing; these need no native library. They identify and verify content: none of them is
/// used for signatures, keys or passwords. AttnCrnn.Deployment compiles this folder as well.
/// </summary>
internal abstract class BlockHash
{
    /// <summary>Size of a block in bytes.</summary>
    protected const int BlockBytes = 64;

    private const int LengthBytes = 8;

    // The bytes after the last full block.
    private readonly byte[] pending = new byte[BlockBytes];
    private int pendingBytes;
    private ulong totalBytes;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        totalBytes += (ulong)bytes.Length;
        if (pendingBytes > 0)
        {
            var count = Math.Min(bytes.Length, BlockBytes - pendingBytes);
            bytes[..count].CopyTo(pending.AsSpan(pendingBytes));
            pendingBytes += count;
            bytes = bytes[count..];
            if (pendingBytes < BlockBytes)
                return;
            Compress(pending);
        }
        var blockBytes = bytes.Length & -BlockBytes;
        if (blockBytes > 0)
            Compress(bytes[..blockBytes]);
        bytes[blockBytes..].CopyTo(pending);
        pendingBytes = bytes.Length - blockBytes;
    }

    /// <summary>The hash of everything appended; ends the computation.</summary>
    public byte[] Finish()
    {
        // A bit 1, then zeros up to the last eight bytes of a block, which hold the length in bits.
        var lengthInBits = totalBytes * 8;
        var afterMarker = (pendingBytes + 1) % BlockBytes;
        var zeros = (BlockBytes + BlockBytes - LengthBytes - afterMarker) % BlockBytes;
        Span<byte> padding = stackalloc byte[BlockBytes + LengthBytes];
        padding = padding[..(1 + zeros + LengthBytes)];
        padding.Clear();
        padding[0] = 0x80;
        WriteLength(padding[^LengthBytes..], lengthInBits);
        Append(padding);
        return WriteHash();
    }

    /// <summary>Adds blocks to the state.</summary>
    /// <param name="blocks">A multiple of 64 bytes.</param>
    protected abstract void Compress(ReadOnlySpan<byte> blocks);

    protected abstract void WriteLength(Span<byte> destination, ulong lengthInBits);

    /// <summary>The state as bytes.</summary>
    protected abstract byte[] WriteHash();
}
