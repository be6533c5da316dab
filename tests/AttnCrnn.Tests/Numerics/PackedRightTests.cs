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
            shape =>
            {
                var first = shape.Skipped * PackedRight.PanelWidth % Packing.RoundUp(shape.N, PackedRight.PanelWidth);
                if (first >= shape.N)
                    first = 0;
                using var a = BufferBuilder.CreateNormal(shape.M * shape.K, shape.Seed);
                using var b = BufferBuilder.CreateNormal(shape.K * shape.N, shape.Seed + 1);
                using var results = new AlignedBuffer(4 * shape.M * shape.N);
                MatrixView Result(int i) => results.Rows(i * shape.M * shape.N, shape.M, shape.N);
                MatrixView SliceTail(int i) => Result(i).SliceColumns(first, shape.N - first);
                using var transposed = new AlignedBuffer(Math.Max(shape.K * shape.N, shape.K * shape.M));
                using var packed = new PackedRight(shape.K, shape.N);
                var (left, right) = (a.Rows(0, shape.M, shape.K), b.Rows(0, shape.K, shape.N));

                MatrixProduct.Multiply(left, right, Result(0));
                packed.Pack(right);
                MatrixProduct.Multiply(left, packed, 0, first, SliceTail(1));
                FloatAssert.BitIdentical(SliceTail(0), SliceTail(1));
                Transposition.Copy(right, transposed.Rows(0, shape.N, shape.K));
                packed.PackTransposed(transposed.Rows(0, shape.N, shape.K));
                MatrixProduct.Multiply(left, packed, 0, first, SliceTail(2));
                FloatAssert.BitIdentical(SliceTail(0), SliceTail(2));
                Transposition.Copy(left, transposed.Rows(0, shape.K, shape.M));
                MultiplyPacked(transposed.Rows(0, shape.K, shape.M), packed, Result(3), accumulate: false);
                FloatAssert.BitIdentical(Result(0), Result(3));

                MatrixProduct.Multiply(left, right, Result(0), accumulate: true);
                MatrixProduct.Multiply(left, packed, 0, first, SliceTail(1), accumulate: true);
                MultiplyPacked(transposed.Rows(0, shape.K, shape.M), packed, Result(3), accumulate: true);
                FloatAssert.BitIdentical(SliceTail(0), SliceTail(1));
                FloatAssert.BitIdentical(Result(0), Result(3));
            },
            iter: 80
        );

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(37)]
    public void A_masked_left_operand_multiplies_rows_by_masks(int width)
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
            float MultiplyByMask(int row, int mask) => x.Span[(row * width) + i] * masks.Span[(mask * width) + i];
            Assert.Equal(
                [MultiplyByMask(4, 2), 0, MultiplyByMask(0, 1), MultiplyByMask(2, 1)],
                result.Rows(0, width, 4)[i].ToArray()
            );
        }
    }

    [Fact]
    public void Mismatched_shapes_are_rejected()
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
    private static void MultiplyPacked(MatrixView transposed, PackedRight right, MatrixView product, bool accumulate)
    {
        using var left = new PackedLeft(transposed.Count, transposed.Width, PackedRight.DepthOfBlock, index: 3);
        left.Resize(transposed.Count, transposed.Width);
        for (var k = 0; k < transposed.Count; k += PackedRight.DepthOfBlock)
            left.SetRows(k, transposed.Slice(k, Math.Min(PackedRight.DepthOfBlock, transposed.Count - k)));
        for (var k = 0; k < transposed.Count; k += PackedRight.DepthOfBlock)
            MatrixProduct.Multiply(left, k, 0, right, k, product, accumulate || k > 0);
    }
}
