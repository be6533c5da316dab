namespace AttnCrnn.Formats.Hdf5;

/// <summary>
/// The bytes of an HDF5 file in memory. Every structure is checked against the file's end before it is read, and is paid for by its bytes: the
/// structures, names, texts and values of an honest file share none, so that what is read in all never exceeds the file, whatever points where.
/// </summary>
/// <param name="name">The file as messages name it.</param>
internal sealed class Hdf5Bytes(string name, ReadOnlyMemory<byte> memory)
{
    public const string Damaged = "the file is cut off or damaged: fetch it again, or save the model again with Keras";
    public const string SaveAgain = "load the model in Keras and save it again: Keras writes none";

    private long unclaimed = memory.Length;

    public long Length => memory.Length;

    /// <summary>A structure's bytes, to be read from the first on.</summary>
    /// <param name="what">As in "the superblock".</param>
    public Hdf5Cursor Part(long at, long bytes, string what)
    {
        Claim(at, bytes, what);
        return new(this, at, at + bytes, what);
    }

    /// <summary>Takes bytes that no other structure may need.</summary>
    /// <exception cref="InvalidFileException">They are not in the file, or more were taken than it has.</exception>
    public void Claim(long at, long bytes, string what)
    {
        if (at < 0 || bytes < 0 || at > Length || bytes > Length - at)
            throw Error(at, $"{what} of {bytes} bytes", $"all of it within the file's {Length} bytes");
        if (bytes > unclaimed)
            throw Error(
                at,
                $"{what} where others stand: more in all than the file has bytes",
                "parts that do not overlap"
            );
        unclaimed -= bytes;
    }

    /// <summary>Bytes that were claimed.</summary>
    public ReadOnlySpan<byte> Span(long at, long bytes) => memory.Span.Slice((int)at, (int)bytes);

    public InvalidFileException Error(long? at, string found, string expected, string remedy = Damaged) =>
        new(name, at, found, expected, remedy);
}
