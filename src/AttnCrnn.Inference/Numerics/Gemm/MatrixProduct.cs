using System.Runtime.Intrinsics;
using AttnCrnn.Numerics.Gemm.Tiles;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Numerics.Gemm;

/// <summary>
/// Matrix product (GEMM) of float32 in three forms. Every element is one chain of fused multiply-adds in the order of
/// k, starting from 0 or from the value in c: results are bit-identical for any tile, vector width and number of
/// threads.
/// </summary>
/// <remarks>
/// Goto and van de Geijn 2008 ("Anatomy of high-performance matrix multiplication"): b is packed into panels as wide as
/// a tile, and k is split so that a panel stays in the L1 cache. A left operand is read in place; a transposed one is
/// packed, because the rows of its tiles are columns.
/// </remarks>
internal static partial class MatrixProduct
{
    /// <summary>c = a b, or c += a b.</summary>
    /// <param name="a">[m, k]; its rows may overlap.</param>
    /// <param name="b">[k, n].</param>
    /// <param name="c">[m, n]; must not overlap a or b.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void Multiply(MatrixView a, MatrixView b, MatrixView c, bool accumulate = false) =>
        Run(null, new(Form.Plain, a, b, c, accumulate, a.Count, b.Width, a.Width, b.Count));

    /// <summary>c = a b, or c += a b, distributed over worker threads.</summary>
    public static void Multiply(
        WorkerPool workers,
        MatrixView a,
        MatrixView b,
        MatrixView c,
        bool accumulate = false
    ) => Run(workers, new(Form.Plain, a, b, c, accumulate, a.Count, b.Width, a.Width, b.Count));

    /// <summary>c = aᵀ b, or c += aᵀ b: the gradient with respect to weights.</summary>
    /// <param name="a">[k, m].</param>
    /// <param name="b">[k, n].</param>
    /// <param name="c">[m, n]; must not overlap a or b.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void MultiplyTransposedLeft(MatrixView a, MatrixView b, MatrixView c, bool accumulate = false) =>
        Run(null, new(Form.TransposedLeft, a, b, c, accumulate, a.Width, b.Width, a.Count, b.Count));

    /// <summary>c = aᵀ b, or c += aᵀ b, distributed over worker threads.</summary>
    public static void MultiplyTransposedLeft(
        WorkerPool workers,
        MatrixView a,
        MatrixView b,
        MatrixView c,
        bool accumulate = false
    ) => Run(workers, new(Form.TransposedLeft, a, b, c, accumulate, a.Width, b.Width, a.Count, b.Count));

    /// <summary>c = a bᵀ, or c += a bᵀ: the gradient with respect to inputs.</summary>
    /// <param name="a">[m, k]; its rows may overlap.</param>
    /// <param name="b">[n, k].</param>
    /// <param name="c">[m, n]; must not overlap a or b.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void MultiplyTransposedRight(MatrixView a, MatrixView b, MatrixView c, bool accumulate = false) =>
        Run(null, new(Form.TransposedRight, a, b, c, accumulate, a.Count, b.Count, a.Width, b.Width));

    /// <summary>c = a bᵀ, or c += a bᵀ, distributed over worker threads.</summary>
    public static void MultiplyTransposedRight(
        WorkerPool workers,
        MatrixView a,
        MatrixView b,
        MatrixView c,
        bool accumulate = false
    ) => Run(workers, new(Form.TransposedRight, a, b, c, accumulate, a.Count, b.Count, a.Width, b.Width));

    /// <summary>Multiply-adds computed by this thread so far; the benchmarks measure tasks by it.</summary>
    [ThreadStatic]
    internal static long MultiplyAddCount;

    /// <summary>The tile that products use on this machine: AVX-512, AVX2 or 128-bit vectors.</summary>
    public static string TileName =>
        Vector512.IsHardwareAccelerated ? "AVX-512"
        : Vector256.IsHardwareAccelerated ? "AVX2"
        : "128-bit vectors";

    /// <summary>The product with the 128-bit tile regardless of the processor, for tests.</summary>
    internal static void MultiplyPortably(MatrixView a, MatrixView b, MatrixView c) =>
        RunWith<Tile128>(null, Validate(new(Form.Plain, a, b, c, false, a.Count, b.Width, a.Width, b.Count)));

    /// <summary>The product with the 256-bit tile regardless of the processor, for tests.</summary>
    internal static void MultiplyWithAvx2(MatrixView a, MatrixView b, MatrixView c) =>
        RunWith<Tile256>(null, Validate(new(Form.Plain, a, b, c, false, a.Count, b.Width, a.Width, b.Count)));

    internal enum Form
    {
        Plain,
        TransposedLeft,
        TransposedRight,
    }

    /// <summary>One product: c[m, n] with k terms per element.</summary>
    internal readonly record struct Product(
        Form Form,
        MatrixView A,
        MatrixView B,
        MatrixView C,
        bool Accumulate,
        int M,
        int N,
        int K,
        int RightK
    );

    private static void Run(WorkerPool? workers, Product product)
    {
        Validate(product);
        if (Vector512.IsHardwareAccelerated)
            RunWith<Tile512>(workers, product);
        else if (Vector256.IsHardwareAccelerated)
            RunWith<Tile256>(workers, product);
        else
            RunWith<Tile128>(workers, product);
    }

    private static void RunWith<TTile>(WorkerPool? workers, in Product product)
        where TTile : ITile
    {
        if (product.M == 0 || product.N == 0)
            return;
        ProductJob<TTile>.ForThisThread.Run(workers, product);
    }

    private static Product Validate(Product product)
    {
        var m = product.M;
        var n = product.N;
        var k = product.K;
        if (product.RightK != k)
            throw new ArgumentException(
                $"the left operand has {k} terms per element, the right operand {product.RightK}"
            );
        if (product.C.Count != m || product.C.Width != n)
            throw new ArgumentException($"the result is [{product.C.Count}, {product.C.Width}], expected [{m}, {n}]");
        if (product.C.Stride < product.C.Width && product.C.Count > 1)
            throw new ArgumentException("the result's rows overlap");
        return product;
    }
}
