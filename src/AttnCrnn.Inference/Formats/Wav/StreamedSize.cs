namespace AttnCrnn.Formats.Wav;

/// <summary>
/// Sizes of 32 bits that writers to a pipe leave, which do not know the real one: 0, all ones (ffmpeg), or about 2 GiB
/// (0x7FFFF000 with sox, 0x80000000 with arecord, both plus or minus their header).
/// </summary>
internal static class StreamedSize
{
    private const uint TwoGiB = 0x8000_0000;
    private const uint Margin = 0x2000;

    /// <summary>Whether it says nothing about a file that is smaller.</summary>
    public static bool IsUnknown(uint size) =>
        size is 0 or >= uint.MaxValue - Margin or (>= TwoGiB - Margin and <= TwoGiB + Margin);
}
