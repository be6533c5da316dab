namespace AttnCrnn.Tests;

/// <summary>Comparisons of floats with a reference, which report the first difference.</summary>
internal static class FloatAssert
{
    /// <summary>Asserts that every value is within the tolerance of the expected one.</summary>
    /// <param name="tolerance">Absolute.</param>
    /// <param name="what">What is compared, for the message.</param>
    public static void Near(
        ReadOnlySpan<float> expected,
        ReadOnlySpan<float> actual,
        double tolerance,
        string what = "values"
    )
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            if (!(Math.Abs(expected[i] - actual[i]) <= tolerance))
                Assert.Fail($"{what}: {actual[i]} where {expected[i]} was expected, at {i}");
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
