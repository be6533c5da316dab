using AttnCrnn.Models;
using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Testing;

/// <summary>Comparisons of numbers with a reference, which report the first difference.</summary>
internal static class FloatAssert
{
    /// <summary>Asserts that every value is within the tolerance of the expected one.</summary>
    /// <param name="tolerance">Absolute.</param>
    /// <param name="description">What is compared, for the message.</param>
    public static void Near(
        ReadOnlySpan<float> expected,
        ReadOnlySpan<float> actual,
        double tolerance,
        string description = "values"
    )
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            if (!(Math.Abs(expected[i] - actual[i]) <= tolerance))
                Assert.Fail($"{description}: {actual[i]} where {expected[i]} was expected, at {i}");
    }

    /// <inheritdoc cref="Near(ReadOnlySpan{float}, ReadOnlySpan{float}, double, string)"/>
    public static void Near(
        ReadOnlySpan<double> expected,
        ReadOnlySpan<double> actual,
        double tolerance,
        string description = "values"
    )
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            if (!(Math.Abs(expected[i] - actual[i]) <= tolerance))
                Assert.Fail($"{description}: {actual[i]} where {expected[i]} was expected, at {i}");
    }

    /// <summary>Asserts that two matrices are bit-identical.</summary>
    public static void BitIdentical(MatrixView expected, MatrixView actual)
    {
        Assert.Equal((expected.Count, expected.Width), (actual.Count, actual.Width));
        for (var row = 0; row < expected.Count; row++)
            Assert.Equal(expected[row].ToArray(), actual[row].ToArray());
    }

    /// <summary>Asserts that tensors have the same names, shapes and bits, in the same order.</summary>
    public static void BitIdentical(IReadOnlyList<ModelTensor> expected, IReadOnlyList<ModelTensor> actual)
    {
        Assert.Equal(expected.Select(tensor => tensor.Name), actual.Select(tensor => tensor.Name));
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First.Shape, pair.Second.Shape));
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First.Values, pair.Second.Values));
    }

    /// <summary>Asserts that values differ from the expected ones by a small part of their Euclidean norm.</summary>
    /// <param name="tolerance">The largest norm of the difference, in norms of the expected values.</param>
    /// <param name="description">What is compared, for the message.</param>
    public static void NearInNorm(
        ReadOnlySpan<float> expected,
        ReadOnlySpan<float> actual,
        double tolerance,
        string description
    )
    {
        Assert.Equal(expected.Length, actual.Length);
        double difference = 0,
            norm = 1e-12; // expected values may all be 0
        for (var i = 0; i < expected.Length; i++)
        {
            difference += Math.Pow((double)expected[i] - actual[i], 2);
            norm += Math.Pow(expected[i], 2);
        }
        var distance = Math.Sqrt(difference / norm);
        Assert.True(distance <= tolerance, $"{description}: a distance of {distance}, expected at most {tolerance}");
    }

    /// <summary>The largest absolute value.</summary>
    public static double Largest(ReadOnlySpan<float> values)
    {
        var largest = 0f;
        foreach (var value in values)
            largest = Math.Max(largest, Math.Abs(value));
        return largest;
    }
}
