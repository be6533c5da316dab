namespace AttnCrnn.Tests.Formats;

/// <summary>
/// Overwrites bytes of a file with edge values, one at a time, and reads it each time: bytes of 0, 1, 0x7F, 0x80, 0xFF,
/// and the extremes of 16, 32 and 64-bit integers.
/// </summary>
internal static class PlantedValues
{
    private const long MostAllocated = 64 << 20;

    private static readonly byte[][] Values =
    [
        [0],
        [1],
        [0x7F],
        [0x80],
        [0xFF],
        .. ((int[])[2, 4, 8]).SelectMany(size =>
            (byte[][])
                [Extreme(size, 0xFF, 0x7F), Extreme(size, 0, 0x80), Extreme(size, 0xFF, 0xFF), Extreme(size, 0, 0)]
        ),
    ];

    /// <summary>Number of values per offset.</summary>
    public static int PerPlace => Values.Length;

    /// <summary>Reads a file with each value planted: each is rejected or read, within 64 MiB.</summary>
    /// <param name="file">Restored after each value.</param>
    /// <param name="places">Offsets to plant at.</param>
    /// <param name="read">Reads the whole file and returns its content.</param>
    /// <param name="check">
    /// Checks the content, given the offset and length of the planted value; may inspect <paramref name="file"/>.
    /// </param>
    /// <returns>How many values were planted, and how many of the files were read.</returns>
    public static (int Planted, int Answered) Sweep<TAnswer>(
        byte[] file,
        IEnumerable<int> places,
        Func<byte[], TAnswer> read,
        Action<TAnswer, int, int> check
    )
    {
        var (planted, answered) = (0, 0);
        foreach (var place in places)
        {
            foreach (var value in Values)
            {
                if (value.Length > file.Length - place)
                    continue;
                var was = file[place..(place + value.Length)];
                value.CopyTo(file, place);
                planted++;
                try
                {
                    if (TryRead(file, read, $"0x{Convert.ToHexString(value)} at byte {place}", out var answer))
                    {
                        answered++;
                        check(answer, place, value.Length);
                    }
                }
                finally
                {
                    was.CopyTo(file, place);
                }
            }
        }
        return (planted, answered);
    }

    private static bool TryRead<TAnswer>(byte[] file, Func<byte[], TAnswer> read, string what, out TAnswer answer)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        answer = default!;
        try
        {
            answer = read(file);
            return true;
        }
        catch (InvalidFileException)
        {
            return false;
        }
        catch (Exception fault)
        {
            throw new InvalidOperationException($"{what}: {fault.Message}", fault);
        }
        finally
        {
            if (GC.GetAllocatedBytesForCurrentThread() - before is > MostAllocated and var bytes)
                Assert.Fail($"{what}: {bytes} bytes allocated");
        }
    }

    private static byte[] Extreme(int size, byte low, byte high) => [.. Enumerable.Repeat(low, size - 1), high];
}
