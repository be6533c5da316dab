namespace AttnCrnn.Formats.Containers;

/// <summary>Bytes of a file at any offset, read in blocks. Not thread-safe.</summary>
/// <param name="stream">Seekable; its position changes.</param>
internal sealed class ContainerBytes(Stream stream)
{
    /// <summary>Maximum number of bytes of one call of <see cref="Read"/>.</summary>
    public const int MaxCount = 1 << 17;

    private const int BlockBytes = 1 << 12;

    private byte[] block = [];
    private long blockStart;

    /// <summary>Number of bytes of the file.</summary>
    public long Length { get; } = stream.Length;

    /// <summary>Reads bytes; fewer at the end of the file, none after it or before its start.</summary>
    /// <returns>Valid until the next call.</returns>
    public ReadOnlySpan<byte> Read(long offset, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxCount);
        if (offset < 0 || offset >= Length)
            return [];
        count = (int)Math.Min(count, Length - offset);
        if (offset < blockStart || offset + count > blockStart + block.Length)
            Load(offset, Math.Max(count, BlockBytes));
        return block.AsSpan((int)(offset - blockStart), Math.Min(count, block.Length - (int)(offset - blockStart)));
    }

    private void Load(long offset, int count)
    {
        stream.Position = offset;
        var bytes = new byte[Math.Min(count, Length - offset)];
        block = bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        blockStart = offset;
    }
}
