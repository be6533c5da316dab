using System.Diagnostics.CodeAnalysis;
using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Numerics.Gemm;

/// <summary>Per-thread scratch memory for one block of a product; grows to the largest block and is reused.</summary>
[SuppressMessage(
    "Design",
    "CA1001:Types that own disposable fields should be disposable",
    Justification = "Thread-static; freed by the buffers' finalizers after the thread has ended."
)]
internal sealed unsafe class ProductScratch
{
    [ThreadStatic]
    private static ProductScratch? threadInstance;

    private AlignedBuffer right = new(0);
    private AlignedBuffer left = new(0);
    private readonly AlignedBuffer edge = new(32 * 32);

    public static ProductScratch ForThisThread => threadInstance ??= new();

    /// <summary>Memory for a packed block of the right operand, [columns / tile, depth, tile].</summary>
    public float* GetRight(int depth, int columns) => Grow(ref right, depth * columns);

    /// <summary>Memory for a packed panel of the left operand, [depth, height].</summary>
    public float* GetLeft(int depth, int height) => Grow(ref left, depth * height);

    /// <summary>Copies the remaining rows contiguously and pads them with zeros to a whole tile.</summary>
    public float* CopyLeft(float* source, nint stride, int height, int tileHeight, int depth)
    {
        var destination = Grow(ref left, tileHeight * depth);
        for (var row = 0; row < height; row++)
            new ReadOnlySpan<float>(source + (row * stride), depth).CopyTo(
                new Span<float>(destination + ((nint)row * depth), depth)
            );
        new Span<float>(destination + ((nint)height * depth), (tileHeight - height) * depth).Clear();
        return destination;
    }

    /// <summary>Copies a partial tile of c into a whole tile.</summary>
    public float* LoadEdge(float* c, nint stride, int height, int width, int tileWidth)
    {
        edge.Clear();
        var destination = edge.Rows(0, 1, 1).Start;
        for (var row = 0; row < height; row++)
            new ReadOnlySpan<float>(c + (row * stride), width).CopyTo(
                new Span<float>(destination + (row * tileWidth), width)
            );
        return destination;
    }

    /// <summary>Copies the partial tile back to c.</summary>
    public static void StoreEdge(float* edge, float* c, nint stride, int height, int width, int tileWidth)
    {
        for (var row = 0; row < height; row++)
            new ReadOnlySpan<float>(edge + (row * tileWidth), width).CopyTo(new Span<float>(c + (row * stride), width));
    }

    private static float* Grow(ref AlignedBuffer buffer, int length)
    {
        AlignedBuffer.Grow(ref buffer, length);
        return buffer.Rows(0, 1, Math.Min(1, buffer.Length)).Start;
    }
}
