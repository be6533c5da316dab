using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Gemm;
using AttnCrnn.Numerics.Memory;
using CsCheck;

namespace AttnCrnn.Tests.Numerics;

/// <summary>A product with a packed right operand is bit-identical to the product with the unpacked one.</summary>
public sealed class PackedRightTests
{
    private static readonly Gen<(int M, int N, int K, int Skipped, int Seed)> Shapes = Gen.Select(
        Gen.Int[1, 40],
        Gen.Int[1, 100],
        Gen.OneOf(Gen.Int[1, 40], Gen.Int[250, 600]),
        Gen.Int[0, 3],
        Gen.Int[0, 1000]
    );

    [Fact]
    public void A_packed_product_is_bit_identical_to_the_plain_one() =>
        Shapes.Sample(
            valueTuple =>
            {
                var first =
                    valueTuple.Skipped * PackedRight.PanelWidth % Packing.RoundUp(valueTuple.N, PackedRight.PanelWidth);
                if (first >= valueTuple.N)
                    first = 0;
                using var a = BufferBuilder.CreateNormal(valueTuple.M * valueTuple.K, valueTuple.Seed);
                using var b = BufferBuilder.CreateNormal(valueTuple.K * valueTuple.N, valueTuple.Seed + 1);
                using var results = new AlignedBuffer(4 * valueTuple.M * valueTuple.N);
                MatrixView Result(int i) => results.Rows(i * valueTuple.M * valueTuple.N, valueTuple.M, valueTuple.N);
                MatrixView Tail(int i) => Result(i).SliceColumns(first, valueTuple.N - first);
                using var turned = new AlignedBuffer(
                    Math.Max(valueTuple.K * valueTuple.N, valueTuple.K * valueTuple.M)
                );
                using var packed = new PackedRight(valueTuple.K, valueTuple.N);
                var (left, right) = (a.Rows(0, valueTuple.M, valueTuple.K), b.Rows(0, valueTuple.K, valueTuple.N));

                MatrixProduct.Multiply(left, right, Result(0));
                packed.Pack(right);
                MatrixProduct.Multiply(left, packed, 0, first, Tail(1));
                FloatAssert.Same(Tail(0), Tail(1));
                Transposition.Copy(right, turned.Rows(0, valueTuple.N, valueTuple.K));
                packed.PackTransposed(turned.Rows(0, valueTuple.N, valueTuple.K));
                MatrixProduct.Multiply(left, packed, 0, first, Tail(2));
                FloatAssert.Same(Tail(0), Tail(2));
                Transposition.Copy(left, turned.Rows(0, valueTuple.K, valueTuple.M));
                MultiplyPacked(turned.Rows(0, valueTuple.K, valueTuple.M), packed, Result(3), accumulate: false);
                FloatAssert.Same(Result(0), Result(3));

                MatrixProduct.Multiply(left, right, Result(0), accumulate: true);
                MatrixProduct.Multiply(left, packed, 0, first, Tail(1), accumulate: true);
                MultiplyPacked(turned.Rows(0, valueTuple.K, valueTuple.M), packed, Result(3), accumulate: true);
                FloatAssert.Same(Tail(0), Tail(1));
                FloatAssert.Same(Result(0), Result(3));
            },
            iter: 80
        );

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(37)]
    public void A_masked_left_operand_is_the_product_of_rows_and_masks(int width)
    {
        using var x = BufferBuilder.CreateNormal(5 * width, 1);
        using var masks = BufferBuilder.CreateNormal(3 * width, 2);
        using var identity = new AlignedBuffer(16);
        for (var k = 0; k < 4; k++)
            identity.Span[(k * 4) + k] = 1;
        using var right = new PackedRight(4, 4);
        right.Pack(identity.Rows(0, 4, 4));
        using var left = new PackedLeft(4, width, 4);
        using var result = new AlignedBuffer(4 * width);
        left.Resize(4, width);
        left.SetMaskedRows(x.Rows(0, 5, width), [4, -1, 0, 2], masks.Rows(0, 3, width), [2, 0, 1, 1]);
        MatrixProduct.Multiply(left, 0, 0, right, 0, result.Rows(0, width, 4));
        for (var i = 0; i < width; i++)
        {
            float Times(int row, int mask) => x.Span[(row * width) + i] * masks.Span[(mask * width) + i];
            Assert.Equal([Times(4, 2), 0, Times(0, 1), Times(2, 1)], result.Rows(0, width, 4)[i].ToArray());
        }
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_rejected()
    {
        using var buffer = new AlignedBuffer(400);
        using var packed = new PackedRight(4, 40);
        Assert.Throws<ArgumentException>(() => packed.Pack(buffer.Rows(0, 5, 70)));
        packed.Pack(buffer.Rows(0, 4, 40));
        Assert.Throws<ArgumentException>(() =>
            MatrixProduct.Multiply(buffer.Rows(0, 2, 5), packed, 0, 0, buffer.Rows(100, 2, 40))
        );
        Assert.Throws<ArgumentException>(() =>
            MatrixProduct.Multiply(buffer.Rows(0, 2, 4), packed, 0, 1, buffer.Rows(100, 2, 39))
        );
        Assert.Throws<ArgumentException>(() =>
            MatrixProduct.Multiply(buffer.Rows(0, 2, 4), packed, 0, 0, buffer.Rows(100, 2, 41))
        );
        Assert.Throws<ArgumentException>(() =>
            MatrixProduct.Multiply(buffer.Rows(0, 2, 4), packed, 0, 0, buffer.Rows(100, 3, 40))
        );
    }

    // Both operands packed, block by block, the left one row by row.
    private static void MultiplyPacked(MatrixView turned, PackedRight right, MatrixView to, bool accumulate)
    {
        using var left = new PackedLeft(turned.Count, turned.Width, PackedRight.DepthOfBlock, index: 3);
        left.Resize(turned.Count, turned.Width);
        for (var k = 0; k < turned.Count; k += PackedRight.DepthOfBlock)
            left.SetRows(k, turned.Slice(k, Math.Min(PackedRight.DepthOfBlock, turned.Count - k)));
        for (var k = 0; k < turned.Count; k += PackedRight.DepthOfBlock)
            MatrixProduct.Multiply(left, k, 0, right, k, to, accumulate || k > 0);
    }
}
