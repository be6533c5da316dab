namespace AttnCrnn.Formats.Hdf5;

/// <summary>
/// The bytes of an HDF5 file in memory. Every structure is bounds-checked before it is read. The structures of a valid
/// file do not overlap, so the total number of bytes read may not exceed the file size: this bounds the work for
/// malicious files.
/// </summary>
/// <param name="name">The file's name for messages.</param>
internal sealed class Hdf5Bytes(string name, ReadOnlyMemory<byte> memory)
{
    public const string Damaged =
        "the file is truncated or damaged: download it again, or save the model again with Keras";
    public const string SaveAgain = "load the model in Keras and save it again: Keras does not write this";

    private long unclaimed = memory.Length;

    public long Length => memory.Length;

    /// <summary>Claims a structure's bytes and returns a cursor at the first.</summary>
    /// <param name="description">Name for messages, for example "the superblock".</param>
    public Hdf5Cursor ClaimPart(long offset, long bytes, string description)
    {
        Claim(offset, bytes, description);
        return new(this, offset, offset + bytes, description);
    }

    /// <summary>Claims the bytes of a structure; structures must not overlap.</summary>
    /// <exception cref="InvalidFileException">
    /// The range is outside the file, or more bytes are claimed than it has.
    /// </exception>
    public void Claim(long offset, long bytes, string description)
    {
        if (offset < 0 || bytes < 0 || offset > Length || bytes > Length - offset)
            throw Error(offset, $"{description} of {bytes} bytes", $"all of it within the file's {Length} bytes");
        if (bytes > unclaimed)
            throw Error(
                offset,
                $"{description} that overlaps others: more bytes in total than the file has",
                "structures that do not overlap"
            );
        unclaimed -= bytes;
    }

    /// <summary>Claimed bytes.</summary>
    public ReadOnlySpan<byte> GetSpan(long offset, long bytes) => memory.Span.Slice((int)offset, (int)bytes);

    public InvalidFileException Error(long? offset, string found, string expected, string remedy = Damaged) =>
        new(name, offset, found, expected, remedy);
}
