using AttnCrnn.Onnx;

namespace AttnCrnn.Tests.Onnx;

/// <summary>Small graphs, run by ONNX Runtime and compared with plain loops.</summary>
public sealed class GraphBuilderTests
{
    [Fact]
    public void A_product_with_a_free_first_dimension_matches_a_plain_loop()
    {
        float[] a = [1, 2, 3, 4, 5, 6],
            b = [0.5f, -1, 2, 0, 1, 3];
        var graph = new GraphBuilder("product");
        graph.AddOutput("c", graph.MatMul(graph.AddInput("a", -1, 3), graph.Constant("b", b, 3, 2)), -1, 2);
        using var session = new OnnxSession(graph.ToModel(), threads: 1);

        var c = session.Run(("a", a, [2, 3]));

        Assert.Equal(MultiplyPlain(a, b, 2, 3, 2), c);
    }

    [Fact]
    public void A_dense_layer_with_normalization_and_softmax_matches_float64()
    {
        var x = Enumerable.Range(0, 12).Select(i => MathF.Sin(i * 1.7f)).ToArray();
        var w = Enumerable.Range(0, 20).Select(i => MathF.Cos(i * 0.9f)).ToArray();
        float[] bias = [0.1f, -0.2f, 0.3f, 0, 0.5f],
            ones = [1, 1, 1, 1, 1],
            zeros = new float[5];
        var graph = new GraphBuilder("dense");
        var y = graph.Gemm(
            graph.AddInput("x", -1, 4),
            graph.Constant("w", w, 5, 4),
            graph.Constant("bias", bias, 5),
            transposeB: true
        );
        y = graph.LayerNormalization(
            graph.Gelu(y),
            graph.Constant("scale", ones, 5),
            graph.Constant("shift", zeros, 5),
            1e-3f
        );
        graph.AddOutput("p", graph.Softmax(graph.Relu(y)), -1, 5);
        using var session = new OnnxSession(graph.ToModel(), threads: 2);

        var p = session.Run(("x", x, [3, 4]));

        for (var row = 0; row < 3; row++)
        {
            var expected = DenseNormSoftmax(x.AsSpan(row * 4, 4), w, bias);
            for (var i = 0; i < 5; i++)
                Assert.Equal(expected[i], p[(row * 5) + i], 1e-6);
        }
    }

    [Fact]
    public void A_constant_that_does_not_match_its_shape_is_rejected()
    {
        var error = Assert.Throws<ArgumentException>(() => new GraphBuilder("g").Constant("w", new float[5], 2, 3));
        Assert.Contains("w: 5 values for the shape [2, 3]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensor_names_are_unique()
    {
        var graph = new GraphBuilder("twice");
        graph.Constant("a", [1f]);
        Assert.Contains(
            "duplicate tensor name",
            Assert.Throws<ArgumentException>(() => graph.Int64s("a", [1])).Message,
            StringComparison.Ordinal
        );
    }

    private static float[] MultiplyPlain(float[] a, float[] b, int rows, int inner, int columns)
    {
        var c = new float[rows * columns];
        for (var i = 0; i < rows; i++)
        for (var j = 0; j < columns; j++)
        for (var k = 0; k < inner; k++)
            c[(i * columns) + j] += a[(i * inner) + k] * b[(k * columns) + j];
        return c;
    }

    private static double[] DenseNormSoftmax(ReadOnlySpan<float> x, float[] w, float[] bias)
    {
        var y = new double[5];
        for (var i = 0; i < 5; i++)
        {
            y[i] = bias[i];
            for (var k = 0; k < 4; k++)
                y[i] += (double)x[k] * w[(i * 4) + k];
            y[i] *= 0.5 * (1 + MathNet.Numerics.SpecialFunctions.Erf(y[i] / Math.Sqrt(2)));
        }
        var mean = y.Average();
        var standardDeviation = Math.Sqrt(y.Average(v => (v - mean) * (v - mean)) + 1e-3);
        var exp = y.Select(v => Math.Exp(Math.Max(0, (v - mean) / standardDeviation))).ToArray();
        return [.. exp.Select(v => v / exp.Sum())];
    }
}
