using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Gemm;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Threading;
using CsCheck;

namespace AttnCrnn.Tests.Numerics;

/// <summary>
/// Every element is bit-identical to a plain loop: one chain of fused multiply-adds in the order of k.
/// </summary>
public sealed class MatrixProductTests
{
    private static readonly Gen<(int M, int N, int K, int Gap, int Seed)> Shapes = Gen.Select(
        Gen.Int[1, 70],
        Gen.Int[1, 90],
        Gen.OneOf(Gen.Int[0, 40], Gen.Int[250, 600]),
        Gen.Int[0, 5],
        Gen.Int[0, 1000]
    );

    [Fact]
    public void Each_element_is_bit_identical_to_a_sequential_FMA_chain() =>
        Shapes.Sample(shape => CheckProduct(shape.M, shape.N, shape.K, shape.Gap, shape.Seed), iter: 150);

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(8, 32, 256)]
    [InlineData(9, 33, 257)]
    [InlineData(16, 512, 128)]
    [InlineData(7, 1100, 31)]
    [InlineData(300, 64, 700)]
    public void Products_at_the_edges_of_tiles_and_blocks_are_correct(int m, int n, int k) =>
        CheckProduct(m, n, k, 3, 1);

    [Fact]
    public void Results_are_bit_identical_for_any_number_of_threads()
    {
        using var a = BufferBuilder.CreateNormal(333 * 500, 1);
        using var b = BufferBuilder.CreateNormal(500 * 700, 2);
        var results = Enumerable
            .Range(1, 3)
            .Select(threads =>
            {
                using var workers = new WorkerPool(threads);
                using var c = new AlignedBuffer(333 * 700);
                MatrixProduct.Multiply(workers, a.Rows(0, 333, 500), b.Rows(0, 500, 700), c.Rows(0, 333, 700));
                return c.Span.ToArray();
            })
            .ToArray();
        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);
    }

    [Fact]
    public void A_row_is_bit_identical_alone_and_among_others()
    {
        using var a = BufferBuilder.CreateNormal(40 * 300, 3);
        using var b = BufferBuilder.CreateNormal(300 * 50, 4);
        using var allRows = new AlignedBuffer(40 * 50);
        using var singleRow = new AlignedBuffer(50);
        MatrixProduct.Multiply(a.Rows(0, 40, 300), b.Rows(0, 300, 50), allRows.Rows(0, 40, 50));
        for (var row = 0; row < 40; row++)
        {
            MatrixProduct.Multiply(a.Rows(row * 300, 1, 300), b.Rows(0, 300, 50), singleRow.Rows(0, 1, 50));
            Assert.Equal(allRows.Rows(0, 40, 50)[row].ToArray(), singleRow.Span.ToArray());
        }
    }

    [Fact]
    public void Overlapping_left_rows_compute_a_convolution()
    {
        using var a = BufferBuilder.CreateNormal(20 * 3, 5);
        using var b = BufferBuilder.CreateNormal(15 * 7, 6);
        using var c = new AlignedBuffer(16 * 7);
        MatrixProduct.Multiply(a.Rows(0, 16, 15, stride: 3), b.Rows(0, 15, 7), c.Rows(0, 16, 7)); // five taps of three
        Assert.Equal(
            Chain(i => k => a.Span[(i * 3) + k], k => j => b.Span[(k * 7) + j], 16, 7, 15, null),
            c.Span.ToArray()
        );
    }

    [Fact]
    public void Mismatched_shapes_are_rejected()
    {
        using var buffer = new AlignedBuffer(100);
        Assert.Throws<ArgumentException>(() =>
            MatrixProduct.Multiply(buffer.Rows(0, 2, 3), buffer.Rows(0, 4, 5), buffer.Rows(50, 2, 5))
        );
        Assert.Throws<ArgumentException>(() =>
            MatrixProduct.Multiply(buffer.Rows(0, 2, 3), buffer.Rows(0, 3, 5), buffer.Rows(50, 2, 4))
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Rows(90, 2, 6));
    }

    private static void CheckProduct(int m, int n, int k, int gap, int seed)
    {
        using var workers = new WorkerPool(2);
        using var left = BufferBuilder.CreateNormal(m * (k + gap), seed);
        using var leftTurned = new AlignedBuffer(k * (m + gap));
        using var right = BufferBuilder.CreateNormal(k * (n + gap), seed + 1);
        using var rightTurned = new AlignedBuffer(n * (k + gap));
        using var start = BufferBuilder.CreateNormal(m * n, seed + 2);
        var (a, b) = (left.Rows(0, m, k, k + gap), right.Rows(0, k, n, n + gap));
        var (aTransposed, bTransposed) = (leftTurned.Rows(0, k, m, m + gap), rightTurned.Rows(0, n, k, k + gap));
        Transposition.Copy(a, aTransposed);
        Transposition.Copy(b, bTransposed);
        float A(int i, int term) => left.Span[(i * (k + gap)) + term];
        float B(int term, int j) => right.Span[(term * (n + gap)) + j];

        var expected = Chain(i => term => A(i, term), term => j => B(term, j), m, n, k, null);
        var onTop = Chain(i => term => A(i, term), term => j => B(term, j), m, n, k, start.Span.ToArray());
        Assert.Equal(expected, Result(c => MatrixProduct.Multiply(a, b, c)));
        Assert.Equal(expected, Result(c => MatrixProduct.Multiply(workers, a, b, c)));
        Assert.Equal(expected, Result(c => MatrixProduct.MultiplyTransposedLeft(aTransposed, b, c)));
        Assert.Equal(expected, Result(c => MatrixProduct.MultiplyTransposedLeft(workers, aTransposed, b, c)));
        Assert.Equal(expected, Result(c => MatrixProduct.MultiplyTransposedRight(a, bTransposed, c)));
        Assert.Equal(expected, Result(c => MatrixProduct.MultiplyTransposedRight(workers, a, bTransposed, c)));
        Assert.Equal(expected, Result(c => MatrixProduct.MultiplyPortably(a, b, c)));
        Assert.Equal(expected, Result(c => MatrixProduct.MultiplyWithAvx2(a, b, c)));
        Assert.Equal(onTop, Result(c => MatrixProduct.Multiply(a, b, c, accumulate: true), start));
        Assert.Equal(
            onTop,
            Result(c => MatrixProduct.MultiplyTransposedLeft(aTransposed, b, c, accumulate: true), start)
        );
        Assert.Equal(
            onTop,
            Result(c => MatrixProduct.MultiplyTransposedRight(workers, a, bTransposed, c, accumulate: true), start)
        );

        float[] Result(Action<MatrixView> multiply, AlignedBuffer? initialSum = null)
        {
            using var c = new AlignedBuffer(m * n);
            c.Span.Fill(float.NaN); // previous values must not matter
            initialSum?.Span.CopyTo(c.Span);
            multiply(c.Rows(0, m, n));
            return c.Span.ToArray();
        }
    }

    private static float[] Chain(
        Func<int, Func<int, float>> a,
        Func<int, Func<int, float>> b,
        int m,
        int n,
        int k,
        float[]? start
    )
    {
        var c = new float[m * n];
        for (var i = 0; i < m; i++)
        for (var j = 0; j < n; j++)
        {
            var sum = start?[(i * n) + j] ?? 0;
            for (var term = 0; term < k; term++)
                sum = MathF.FusedMultiplyAdd(a(i)(term), b(term)(j), sum);
            c[(i * n) + j] = sum;
        }
        return c;
    }
}
