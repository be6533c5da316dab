namespace AttnCrnn.Audio;

/// <summary>The window of Kaiser, of a filter's taps.</summary>
internal static class KaiserWindow
{
    /// <summary>The value at a position; 0 from the ends on.</summary>
    /// <param name="x">Distance from the center; the ends are at 1.</param>
    /// <param name="beta">0.1102 (A - 8.7) for an attenuation of A dB, above 50.</param>
    public static double Compute(double x, double beta) =>
        Math.Abs(x) >= 1 ? 0 : ComputeBessel(beta * Math.Sqrt(1 - (x * x))) / ComputeBessel(beta);

    // I₀, from its power series.
    private static double ComputeBessel(double x)
    {
        var sum = 1.0;
        var term = 1.0;
        for (var k = 1; term > sum * 1e-17; k++)
        {
            term *= x * x / (4.0 * k * k);
            sum += term;
        }
        return sum;
    }
}
