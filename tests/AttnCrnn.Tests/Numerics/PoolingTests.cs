using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Tests.Numerics;

public sealed class PoolingTests
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(6, 8)]
    [InlineData(7, 19)]
    public void Pooling_forward_and_backward_match_a_plain_loop(int rows, int width)
    {
        using var buffer = new AlignedBuffer(rows * width * 4 + width);
        var x = buffer.Rows(0, rows, width);
        new RandomStream(1).FillNormal(x.Span);
        if (rows > 1)
            x[0].CopyTo(x[1]); // equals: the gradient goes to the first
        var bias = buffer.Rows(rows * width * 4, 1, width)[0];
        new RandomStream(2).FillNormal(bias);
        var pooled = buffer.Rows(rows * width, rows / 2, width);
        Pooling.Forward(x, bias, pooled);
        var gradPooled = buffer.Rows(rows * width * 2, rows / 2, width);
        new RandomStream(3).FillNormal(gradPooled.Span);
        var gradX = buffer.Rows(rows * width * 3, rows, width);
        gradX.Span.Fill(float.NaN);
        Pooling.Backward(x, pooled, gradPooled, gradX);
        for (var row = 0; row < rows; row++)
        for (var i = 0; i < width; i++)
        {
            if (row / 2 == rows / 2)
            {
                Assert.Equal(0, gradX[row][i]); // the odd last row
                continue;
            }
            var (first, second) = (x[row / 2 * 2][i], x[(row / 2 * 2) + 1][i]);
            Assert.Equal(Math.Max(Math.Max(first, second) + bias[i], 0), pooled[row / 2][i]);
            var chosen = row % 2 == 0 ? first >= second : second > first;
            Assert.Equal(chosen && pooled[row / 2][i] > 0 ? gradPooled[row / 2][i] : 0, gradX[row][i]);
        }
    }
}
