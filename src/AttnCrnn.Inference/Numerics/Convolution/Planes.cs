using AttnCrnn.Numerics.Gemm;
using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Numerics.Convolution;

/// <summary>Eight matrices of equal size in one buffer, one per product of <see cref="Winograd"/>.</summary>
internal readonly unsafe struct Planes
{
    /// <summary>Number of matrices.</summary>
    public const int Count = 8;

    // Streams that are a multiple of 4 KB apart map to the same L1 cache set; a gap of 20 cache lines avoids that.
    private const int Gap = 20 * 16;

    private readonly float* start;
    private readonly nint planeStride;

    /// <param name="buffer">At least <see cref="CountFloats"/> floats.</param>
    public Planes(AlignedBuffer buffer, int rows, int width)
    {
        if (buffer.Length < CountFloats(rows, width))
            throw new ArgumentException($"8 x [{rows}, {width}] does not fit {buffer.Length} floats", nameof(buffer));
        start = buffer.Start;
        planeStride = ComputePlaneStride(rows, width);
        Rows = rows;
        Width = width;
    }

    private Planes(float* start, nint planeStride, int rows, int width)
    {
        this.start = start;
        this.planeStride = planeStride;
        Rows = rows;
        Width = width;
    }

    /// <summary>Rows of each matrix.</summary>
    public int Rows { get; }

    /// <summary>Columns of each matrix.</summary>
    public int Width { get; }

    /// <summary>One of the matrices.</summary>
    public MatrixView this[int plane] => new(start + (plane * planeStride), Rows, Width, Width);

    /// <summary>A range of rows of every matrix.</summary>
    public Planes Slice(int first, int count) =>
        first >= 0 && count >= 0 && first <= Rows - count
            ? new(start + ((nint)first * Width), planeStride, count, Width)
            : throw new ArgumentOutOfRangeException(nameof(count), $"rows {first} to {first + count} of {Rows}");

    /// <summary>Number of floats that eight matrices of this size need.</summary>
    public static int CountFloats(int rows, int width) => checked((int)(Count * (long)ComputePlaneStride(rows, width)));

    private static nint ComputePlaneStride(int rows, int width) => checked(Packing.RoundUp(rows * width, 16) + Gap);
}
