using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Models;

/// <summary>Clips of any lengths, their frames end to end.</summary>
internal readonly struct PackedBatch
{
    private readonly int[] offsets;

    /// <param name="rows">[frames of all clips, width].</param>
    /// <param name="offsets">[at least clips + 1]: clip i is the rows from offsets[i] up to offsets[i + 1]; the first is 0.</param>
    public PackedBatch(MatrixView rows, int[] offsets, int clips)
    {
        if (offsets.Length <= clips || offsets[0] != 0 || offsets[clips] != rows.Count)
            throw new ArgumentException($"offsets of {clips} clips do not span {rows.Count} rows", nameof(offsets));
        Rows = rows;
        this.offsets = offsets;
        Clips = clips;
    }

    /// <summary>[frames of all clips, width].</summary>
    public MatrixView Rows { get; }

    public int Clips { get; }

    /// <summary>A clip's first row.</summary>
    public int First(int clip) => offsets[clip];

    /// <summary>A clip's frames.</summary>
    public int Count(int clip) => offsets[clip + 1] - offsets[clip];

    /// <summary>[frames, width] of one clip.</summary>
    public MatrixView Clip(int clip) => Rows.Slice(First(clip), Count(clip));

    /// <summary>Other rows laid out as these.</summary>
    public PackedBatch With(MatrixView rows) => new(rows, offsets, Clips);
}
