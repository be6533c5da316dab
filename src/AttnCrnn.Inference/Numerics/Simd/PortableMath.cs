namespace AttnCrnn.Numerics.Simd;

/// <summary>
/// float64 functions built from additions and multiplications only, so that random values are bit-identical on every
/// machine (system libraries differ in the last bit). Accurate to a few units in the last place.
/// </summary>
internal static class PortableMath
{
    private const double Ln2High = 0.693147180369123816490;
    private const double Ln2Low = 1.90821492927058770002e-10;

    /// <summary>ln x of a positive normal number.</summary>
    public static double Log(double x)
    {
        if (!(x > 0))
            return x == 0 ? double.NegativeInfinity : double.NaN;
        if (double.IsInfinity(x))
            return x;
        // x = 2ᵉ m with √½ ≤ m < √2; ln m = 2 artanh((m - 1) / (m + 1)).
        var e = Math.ILogB(x);
        var m = Math.ScaleB(x, -e);
        if (m > 1.4142135623730951)
        {
            m /= 2;
            e++;
        }
        var s = (m - 1) / (m + 1);
        var square = s * s;
        var sum = 0.0;
        for (var k = 23; k >= 3; k -= 2)
            sum = (sum + (1.0 / k)) * square;
        return (e * Ln2High) + ((e * Ln2Low) + (2 * (s + (s * sum))));
    }

    /// <summary>eˣ; 0 below -745, infinity above 709.8.</summary>
    public static double Exp(double x)
    {
        if (double.IsNaN(x))
            return x;
        if (x > 709.78)
            return double.PositiveInfinity;
        if (x < -745)
            return 0;
        var n = Math.Round(x / 0.6931471805599453);
        var r = (x - (n * Ln2High)) - (n * Ln2Low);
        var sum = 1.0;
        for (var k = 14; k >= 1; k--)
            sum = 1 + (r / k * sum);
        return Math.ScaleB(sum, (int)n);
    }

    /// <summary>cos(2π t), t from 0 to 1.</summary>
    public static double CosineOfTurns(double t)
    {
        // Reduced to the first eighth of a turn, where both series converge fast.
        var halfTurn = t > 0.5 ? 1 - t : t; // [0, ½], the cosine is even
        var quarterTurn = halfTurn > 0.25 ? 0.5 - halfTurn : halfTurn; // [0, ¼], up to its sign
        var value =
            quarterTurn > 0.125
                ? EvaluateSeries(0.25 - quarterTurn, isSine: true)
                : EvaluateSeries(quarterTurn, isSine: false);
        return halfTurn > 0.25 ? -value : value;
    }

    private static double EvaluateSeries(double turn, bool isSine)
    {
        var x = turn * 6.283185307179586;
        var square = x * x;
        var sum = 1.0;
        for (var k = isSine ? 19 : 18; k >= 2; k -= 2)
            sum = 1 - (square / (k * (k - 1)) * sum);
        return isSine ? x * sum : sum;
    }
}
