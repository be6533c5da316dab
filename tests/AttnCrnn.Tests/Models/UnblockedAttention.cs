using AttnCrnn.Models.Layers;
using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Gemm;
using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Tests.Models;

/// <summary>
/// Self-attention of one clip with whole [T, T] matrices, which define the bits: every element of a product is one
/// chain of multiply-adds in the order of its terms, and dx is one chain over dy, Pᵀ dy, s dS x and s dSᵀ x.
/// </summary>
internal static class UnblockedAttention
{
    /// <summary>Computes y, dx and ds.</summary>
    /// <param name="x">[T, width].</param>
    /// <param name="dy">[T, width].</param>
    /// <param name="y">[T, width], output.</param>
    /// <param name="dx">[T, width], output.</param>
    /// <returns>ds.</returns>
    public static float Run(MatrixView x, float scale, bool residual, MatrixView dy, MatrixView y, MatrixView dx)
    {
        var count = x.Count;
        using var squares = new AlignedBuffer(3 * count * count);
        var dot = squares.Rows(0, count, count);
        var weight = squares.Rows(count * count, count, count);
        var dS = squares.Rows(2 * count * count, count, count);

        MatrixProduct.MultiplyTransposedRight(x, x, dot);
        for (var t = 0; t < count; t++)
        {
            VectorMath.Scale(dot[t], scale, weight[t]);
            Softmax.Apply(weight[t]);
        }
        if (residual)
            x.CopyTo(y);
        MatrixProduct.Multiply(weight, x, y, accumulate: residual);

        MatrixProduct.MultiplyTransposedRight(dy, x, dS);
        var scaleGradient = 0f;
        for (var t = 0; t < count; t++)
        {
            VectorMath.AddScalar(dS[t], -VectorMath.Dot(dS[t], weight[t]), dS[t]);
            VectorMath.Multiply(dS[t], weight[t], dS[t]);
            scaleGradient += VectorMath.Dot(dS[t], dot[t]);
            VectorMath.Scale(dS[t], scale, dS[t]);
        }
        if (residual)
            dy.CopyTo(dx);
        MatrixProduct.MultiplyTransposedLeft(weight, dy, dx, accumulate: residual);
        MatrixProduct.Multiply(dS, x, dx, accumulate: true);
        MatrixProduct.MultiplyTransposedLeft(dS, x, dx, accumulate: true);
        return scaleGradient;
    }
}
