using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Tests.Numerics;

public sealed class ElementwiseTests
{
    private delegate void Function(ReadOnlySpan<float> x, Span<float> destination);

    private static double Phi(double x) => 0.5 * (1 + MathNet.Numerics.SpecialFunctions.Erf(x / Math.Sqrt(2)));

    // The argument u of tanh-approximated GELU, and its derivative.
    private static double U(double x) => Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x));

    private static double Slope(double x) => Math.Sqrt(2 / Math.PI) * (1 + (3 * 0.044715 * x * x));

    [Fact]
    public void Functions_agree_with_float64_within_a_few_units()
    {
        Check(VectorMath.Exp, Math.Exp, -87, 88, 4e-7, 0);
        Check(VectorMath.Sigmoid, x => 1 / (1 + Math.Exp(-x)), -80, 80, 6e-7, 0);
        Check(VectorMath.Tanh, Math.Tanh, -20, 20, 4e-7, 0);
        Check(VectorMath.Gelu, x => x * Phi(x), -8, 8, 1e-6, 1e-6);
        Check(
            VectorMath.GeluDerivative,
            x => Phi(x) + (x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI)),
            -8,
            8,
            1e-6,
            1e-6
        );
        Check(VectorMath.GeluTanh, x => x * (1 + Math.Tanh(U(x))) / 2, -8, 8, 1e-6, 1e-6);
        Check(
            VectorMath.GeluTanhDerivative,
            x => ((1 + Math.Tanh(U(x))) / 2) + (x * (1 - Math.Pow(Math.Tanh(U(x)), 2)) / 2 * Slope(x)),
            -8,
            8,
            1e-6,
            1e-6
        );
    }

    [Fact]
    public void Limits_of_the_domain_are_correct()
    {
        float[] x = [float.NegativeInfinity, -1000, -88, 0, 88.8f, 1000, float.PositiveInfinity, float.NaN, -0f];
        var destination = new float[x.Length];
        VectorMath.Exp(x, destination);
        Assert.Equal(
            [0, 0, 0, 1, float.PositiveInfinity, float.PositiveInfinity, float.PositiveInfinity, float.NaN, 1],
            destination
        );
        VectorMath.Sigmoid(x, destination);
        Assert.Equal(0f, destination[0]);
        Assert.Equal(0.5f, destination[3]);
        Assert.Equal(1f, destination[6]);
        Assert.Equal(float.NaN, destination[7]);
        VectorMath.Tanh(x, destination);
        Assert.Equal([-1, -1, -1, 0, 1, 1, 1, float.NaN, -0f], destination);
    }

    [Fact]
    public void Last_elements_are_bit_identical_to_a_longer_array()
    {
        var x = Numbers(64, 1);
        foreach (
            Function function in (Function[])
                [
                    VectorMath.Exp,
                    VectorMath.Tanh,
                    VectorMath.Sigmoid,
                    VectorMath.Gelu,
                    VectorMath.GeluDerivative,
                    VectorMath.GeluTanh,
                    VectorMath.GeluTanhDerivative,
                ]
        )
        {
            var longer = new float[64];
            function(x, longer);
            for (var length = 1; length < 20; length++)
            {
                var part = new float[length];
                function(x.AsSpan(3, length), part);
                Assert.Equal(longer[3..(3 + length)], part);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(13)]
    [InlineData(100)]
    public void Arithmetic_matches_a_plain_loop(int length)
    {
        var (x, y, start) = (Numbers(length, 2), Numbers(length, 3), Numbers(length, 4));
        Equal(destination => VectorMath.Add(x, y, destination), i => x[i] + y[i]);
        Equal(destination => VectorMath.Subtract(x, y, destination), i => x[i] - y[i]);
        Equal(destination => VectorMath.Multiply(x, y, destination), i => x[i] * y[i]);
        Equal(
            destination => VectorMath.Magnitude(x, y, destination),
            i => MathF.Sqrt(MathF.FusedMultiplyAdd(x[i], x[i], y[i] * y[i]))
        );
        Equal(destination => VectorMath.Scale(x, 1.7f, destination), i => x[i] * 1.7f);
        Equal(destination => VectorMath.AddScalar(x, 1.7f, destination), i => x[i] + 1.7f);
        Equal(destination => VectorMath.MaxScalar(x, 0.2f, destination), i => Math.Max(x[i], 0.2f));
        Equal(destination => VectorMath.Axpy(1.7f, x, destination), i => MathF.FusedMultiplyAdd(1.7f, x[i], start[i]));
        Equal(
            destination => VectorMath.MultiplyAdd(x, y, destination),
            i => MathF.FusedMultiplyAdd(x[i], y[i], start[i])
        );
        Assert.Equal(x.Max(), VectorMath.Max(x));
        Assert.Equal(x.Sum(v => (double)v), VectorMath.Sum(x), 1e-5);
        Assert.Equal(x.Zip(y, (a, b) => (double)a * b).Sum(), VectorMath.Dot(x, y), 1e-5);
        Assert.Equal(x.Sum(v => (double)v * v), VectorMath.SumOfSquares(x), 1e-12);

        void Equal(Action<float[]> run, Func<int, float> expected)
        {
            var destination = start.ToArray();
            run(destination);
            Assert.Equal(Enumerable.Range(0, length).Select(expected), destination);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(61)]
    [InlineData(768)]
    public void Sums_use_eight_lanes_that_are_added_in_pairs(int length)
    {
        var (x, y) = (Numbers(length, 2), Numbers(length, 3));
        var (sums, products) = (new float[8], new float[8]);
        for (var i = 0; i < length; i++)
        {
            sums[i % 8] += x[i];
            products[i % 8] = MathF.FusedMultiplyAdd(x[i], y[i], products[i % 8]);
        }
        Assert.Equal(AddPairs(sums), VectorMath.Sum(x));
        Assert.Equal(AddPairs(products), VectorMath.Dot(x, y));

        static float AddPairs(float[] lanes) =>
            ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
    }

    [Fact]
    public void Mismatched_lengths_are_rejected() =>
        Assert.Throws<ArgumentException>(() => VectorMath.Add(new float[3], new float[4], new float[3]));

    [Theory]
    [InlineData(5)]
    [InlineData(24)]
    public void Adam_matches_Keras_formula(int length)
    {
        var (value, gradient, moment) = (Numbers(length, 5), Numbers(length, 6), Numbers(length, 7));
        var velocity = Numbers(length, 8).Select(v => v * v).ToArray();
        var (v0, m0, s0) = (value.ToArray(), moment.ToArray(), velocity.ToArray());
        VectorMath.Adam(value, gradient, moment, velocity, 1e-3f, 0.9f, 0.98f, 1e-7f);
        for (var i = 0; i < length; i++)
        {
            var m = m0[i] + ((gradient[i] - m0[i]) * 0.1);
            var v = s0[i] + (((gradient[i] * gradient[i]) - s0[i]) * 0.02);
            Assert.Equal(m, moment[i], 1e-6);
            Assert.Equal(v, velocity[i], 1e-6);
            Assert.Equal(v0[i] - (1e-3 * m / (Math.Sqrt(v) + 1e-7)), value[i], 1e-6);
        }
    }

    private static float[] Numbers(int length, ulong seed)
    {
        var x = new float[length];
        new RandomStream(seed).FillNormal(x);
        return x;
    }

    private static void Check(
        Function function,
        Func<double, double> reference,
        double min,
        double max,
        double relative,
        double absolute
    )
    {
        var x = Enumerable.Range(0, 20_001).Select(i => (float)(min + ((max - min) * i / 20_000))).ToArray();
        var y = new float[x.Length];
        function(x, y);
        for (var i = 0; i < x.Length; i++)
        {
            var expected = reference(x[i]);
            var allowed = absolute + (relative * Math.Abs(expected)) + 1e-38;
            Assert.True(
                Math.Abs(y[i] - expected) <= allowed,
                $"{function.Method.Name}({x[i]}) = {y[i]:R}, expected {expected:R}"
            );
        }
    }
}
