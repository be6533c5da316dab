using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Models;

/// <summary>A packed batch: clips of any lengths, their frames end to end, without padding.</summary>
internal readonly struct PackedBatch
{
    private readonly int[] offsets;

    /// <param name="rows">[frames of all clips, width].</param>
    /// <param name="offsets">
    /// [at least clips + 1]: clip i has the rows from offsets[i] up to, not including, offsets[i + 1]; offsets[0] is 0.
    /// </param>
    public PackedBatch(MatrixView rows, int[] offsets, int clips)
    {
        if (offsets.Length <= clips || offsets[0] != 0 || offsets[clips] != rows.Count)
            throw new ArgumentException($"offsets of {clips} clips do not span {rows.Count} rows", nameof(offsets));
        Rows = rows;
        this.offsets = offsets;
        ClipCount = clips;
    }

    /// <summary>[frames of all clips, width].</summary>
    public MatrixView Rows { get; }

    public int ClipCount { get; }

    /// <summary>First row of a clip.</summary>
    public int FirstRow(int clip) => offsets[clip];

    /// <summary>Number of frames of a clip.</summary>
    public int FrameCount(int clip) => offsets[clip + 1] - offsets[clip];

    /// <summary>[frames, width] of one clip.</summary>
    public MatrixView GetClip(int clip) => Rows.Slice(FirstRow(clip), FrameCount(clip));

    /// <summary>Offsets of clips of one row each.</summary>
    public static int[] CreateRowOffsets(int clips) => [.. Enumerable.Range(0, clips + 1)];

    /// <summary>The same clips with other rows.</summary>
    public PackedBatch WithRows(MatrixView rows) => new(rows, offsets, ClipCount);
}
