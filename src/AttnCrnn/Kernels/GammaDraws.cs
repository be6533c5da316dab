namespace AttnCrnn.Kernels;

/// <summary>
/// Gamma and Beta numbers (Marsaglia and Tsang 2000; below 1 by G(a) = G(a + 1) U^(1/a)), in logarithms, since MixUp's small a make
/// numbers that float64 cannot hold.
/// </summary>
internal static class GammaDraws
{
    private const int Tries = 7; // each is taken in more than 95 of 100 cases
    private const int WordsOfGamma = 32;

    public static double Beta(Draw draw, double a, double b, ulong place)
    {
        if (!(a > 0 && b > 0)) throw new ArgumentException($"Beta({a}, {b}): expected more than 0");
        var first = LogGamma(draw, a, place * 2 * WordsOfGamma);
        var second = LogGamma(draw, b, (place * 2 * WordsOfGamma) + WordsOfGamma);
        return 1 / (1 + PlainMath.Exp(second - first));
    }

    private static double LogGamma(Draw draw, double a, ulong word)
    {
        var shape = a < 1 ? a + 1 : a;
        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        var log = PlainMath.Log(d); // should every try fail, which one in 10⁹ does: the mode, near enough
        for (ulong attempt = 0; attempt < Tries; attempt++)
        {
            var x = Normal(draw, word + (4 * attempt));
            var v = 1 + (c * x);
            if (v <= 0) continue;
            v = v * v * v;
            var u = Open(draw.UInt32(word + (4 * attempt) + 2));
            if (PlainMath.Log(u) >= (0.5 * x * x) + (d * (1 - v + PlainMath.Log(v)))) continue;
            log = PlainMath.Log(d * v);
            break;
        }
        return a < 1 ? log + (PlainMath.Log(Open(draw.UInt32(word + (4 * Tries)))) / a) : log;
    }

    // Box and Muller 1958.
    private static double Normal(Draw draw, ulong word)
    {
        var radius = Math.Sqrt(-2 * PlainMath.Log(Open(draw.UInt32(word))));
        return radius * PlainMath.CosineOfTurn(Open(draw.UInt32(word + 1)));
    }

    // Never 0, never 1.
    private static double Open(uint word) => (word + 0.5) / 4294967296.0;
}
