namespace AttnCrnn.Formats.Flac;

/// <summary>A FLAC file in memory: its frames say nothing of their length, so that a reader of pieces would have to come back for more in the middle of one.</summary>
/// <param name="Padded">The file, and after it <see cref="FlacBitReader.Padding"/> bytes of zero.</param>
/// <param name="Length">Of the file alone.</param>
internal sealed record FlacByteReader(string Path, byte[] Padded, int Length)
{
    private const string DamagedRemedy = "the file is damaged: fetch it again, or leave it out";

    /// <summary>The file itself.</summary>
    public ReadOnlySpan<byte> Span => Padded.AsSpan(0, Length);

    /// <summary>Reads a file whole.</summary>
    /// <exception cref="InvalidFileException">It is longer than memory can hold in one piece.</exception>
    public static FlacByteReader Read(string path, Stream stream)
    {
        var length = stream.Length;
        if (length > Array.MaxLength - FlacBitReader.Padding)
            throw new InvalidFileException(
                path,
                null,
                $"a file of {length} bytes",
                "one below 2 GiB",
                "cut the recording into pieces"
            );
        var bytes = new byte[length + FlacBitReader.Padding];
        stream.Position = 0;
        var had = stream.ReadAtLeast(bytes.AsSpan(0, (int)length), (int)length, throwOnEndOfStream: false);
        return new(path, bytes, had);
    }

    /// <summary>What to throw for a fault at a byte.</summary>
    public InvalidFileException Damage(int at, string found, string expected) =>
        new(Path, at, found, expected, DamagedRemedy);
}
