namespace AttnCrnn.Formats.Flac;

/// <summary>
/// A FLAC file in memory. It is read completely because FLAC frames do not store their length.
/// </summary>
/// <param name="Path">The file's path, for messages.</param>
/// <param name="Padded">The file's content followed by <see cref="FlacBitReader.Padding"/> zero bytes.</param>
/// <param name="Length">File size in bytes, without padding.</param>
internal sealed record FlacBytes(string Path, byte[] Padded, int Length)
{
    private const string DamagedRemedy = "the file is damaged: download it again, or exclude it";

    /// <summary>The file's content.</summary>
    public ReadOnlySpan<byte> Span => Padded.AsSpan(0, Length);

    /// <summary>Reads a complete file.</summary>
    /// <exception cref="InvalidFileException">The file is 2 GiB or larger.</exception>
    public static FlacBytes Read(string path, Stream stream)
    {
        var length = stream.Length;
        if (length > Array.MaxLength - FlacBitReader.Padding)
            throw new InvalidFileException(
                path,
                null,
                $"a file of {length} bytes",
                "less than 2 GiB",
                "split the recording"
            );
        var bytes = new byte[length + FlacBitReader.Padding];
        stream.Position = 0;
        var count = stream.ReadAtLeast(bytes.AsSpan(0, (int)length), (int)length, throwOnEndOfStream: false);
        return new(path, bytes, count);
    }

    /// <summary>Creates an exception for invalid data at a byte offset.</summary>
    public InvalidFileException Error(int offset, string found, string expected) =>
        new(Path, offset, found, expected, DamagedRemedy);
}
