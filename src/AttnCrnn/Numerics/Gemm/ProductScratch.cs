using System.Diagnostics.CodeAnalysis;
using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Numerics.Gemm;

/// <summary>What a thread needs while it works on a block of a product: it grows to the largest block seen and is kept.</summary>
[SuppressMessage(
    "Design",
    "CA1001:Types that own disposable fields should be disposable",
    Justification = "A thread's own; freed by the buffers' finalisers when the thread is gone."
)]
internal sealed unsafe class ProductScratch
{
    [ThreadStatic]
    private static ProductScratch? ofThisThread;

    private AlignedBuffer right = new(0);
    private AlignedBuffer left = new(0);
    private readonly AlignedBuffer edge = new(32 * 32);

    public static ProductScratch ForThisThread => ofThisThread ??= new();

    /// <summary>For a packed block of the right side, [columns / tile, depth, tile].</summary>
    public float* Right(int depth, int columns) => Grow(ref right, depth * columns);

    /// <summary>For a packed panel of the left side, [depth, height].</summary>
    public float* Left(int depth, int height) => Grow(ref left, depth * height);

    /// <summary>The rows that are there, end to end, followed by zeros up to a whole tile.</summary>
    public float* CopyLeft(float* from, nint stride, int height, int whole, int depth)
    {
        var to = Grow(ref left, whole * depth);
        for (var row = 0; row < height; row++)
            new ReadOnlySpan<float>(from + (row * stride), depth).CopyTo(
                new Span<float>(to + ((nint)row * depth), depth)
            );
        new Span<float>(to + ((nint)height * depth), (whole - height) * depth).Clear();
        return to;
    }

    /// <summary>A whole tile that holds the part of c that is there.</summary>
    public float* LoadEdge(float* c, nint stride, int height, int width, int whole)
    {
        edge.Clear();
        var to = edge.Rows(0, 1, 1).Start;
        for (var row = 0; row < height; row++)
            new ReadOnlySpan<float>(c + (row * stride), width).CopyTo(new Span<float>(to + (row * whole), width));
        return to;
    }

    /// <summary>The part that is there, back to c.</summary>
    public static void StoreEdge(float* edge, float* c, nint stride, int height, int width, int whole)
    {
        for (var row = 0; row < height; row++)
            new ReadOnlySpan<float>(edge + (row * whole), width).CopyTo(new Span<float>(c + (row * stride), width));
    }

    private static float* Grow(ref AlignedBuffer buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer.Dispose();
            buffer = new AlignedBuffer(length);
        }
        return buffer.Rows(0, 1, Math.Min(1, buffer.Length)).Start;
    }
}
