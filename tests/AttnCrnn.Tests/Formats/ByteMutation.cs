namespace AttnCrnn.Tests.Formats;

/// <summary>
/// Overwrites bytes of a file with edge values, one at a time, and reads it each time: bytes of 0, 1, 0x7F, 0x80, 0xFF,
/// and the extremes of 16, 32 and 64-bit integers.
/// </summary>
internal static class ByteMutation
{
    private const long MaxAllocatedBytes = 64 << 20;

    private static readonly byte[][] Values =
    [
        [0],
        [1],
        [0x7F],
        [0x80],
        [0xFF],
        .. ((int[])[2, 4, 8]).SelectMany(size =>
            (byte[][])
                [
                    FillBytes(size, 0xFF, 0x7F),
                    FillBytes(size, 0, 0x80),
                    FillBytes(size, 0xFF, 0xFF),
                    FillBytes(size, 0, 0),
                ]
        ),
    ];

    /// <summary>Number of values per offset.</summary>
    public static int ValuesPerOffset => Values.Length;

    /// <summary>Reads a file with each value at each offset: it is rejected or read, within 64 MiB.</summary>
    /// <param name="file">Restored after each value.</param>
    /// <param name="offsets">Offsets to overwrite.</param>
    /// <param name="reader">Reads the whole file and returns its content.</param>
    /// <param name="check">
    /// Checks the content, given the offset and length of the overwritten bytes; may inspect <paramref name="file"/>.
    /// </param>
    /// <returns>The number of mutations, and how many of them were accepted.</returns>
    public static (int MutationCount, int Accepted) Sweep<TContent>(
        byte[] file,
        IEnumerable<int> offsets,
        Func<byte[], TContent> reader,
        Action<TContent, int, int> check
    )
    {
        var (mutationCount, accepted) = (0, 0);
        foreach (var offset in offsets)
        {
            foreach (var value in Values)
            {
                if (value.Length > file.Length - offset)
                    continue;
                var original = file[offset..(offset + value.Length)];
                value.CopyTo(file, offset);
                mutationCount++;
                try
                {
                    if (TryRead(file, reader, $"0x{Convert.ToHexString(value)} at byte {offset}", out var parsed))
                    {
                        accepted++;
                        check(parsed, offset, value.Length);
                    }
                }
                finally
                {
                    original.CopyTo(file, offset);
                }
            }
        }
        return (mutationCount, accepted);
    }

    private static bool TryRead<TContent>(
        byte[] file,
        Func<byte[], TContent> reader,
        string description,
        out TContent parsed
    )
    {
        var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        parsed = default!;
        try
        {
            parsed = reader(file);
            return true;
        }
        catch (InvalidFileException)
        {
            return false;
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{description}: {exception.Message}", exception);
        }
        finally
        {
            if (GC.GetAllocatedBytesForCurrentThread() - allocatedBefore is > MaxAllocatedBytes and var bytes)
                Assert.Fail($"{description}: {bytes} bytes allocated");
        }
    }

    private static byte[] FillBytes(int size, byte low, byte high) => [.. Enumerable.Repeat(low, size - 1), high];
}
