using AttnCrnn.Numerics.Simd;

namespace AttnCrnn.Numerics.Random;

/// <summary>
/// Gamma and Beta numbers (Marsaglia and Tsang 2000; below 1 by G(a) = G(a + 1) U^(1/a)), in logarithms, since MixUp's small a make
/// numbers that float64 cannot hold.
/// </summary>
internal static class GammaSampler
{
    private const int Tries = 7; // each is taken in more than 95 of 100 cases
    private const int WordsOfGamma = 32;

    public static double Beta(RandomStream random, double a, double b, ulong place)
    {
        if (!(a > 0 && b > 0))
            throw new ArgumentException($"Beta({a}, {b}): expected more than 0");
        var first = LogGamma(random, a, place * 2 * WordsOfGamma);
        var second = LogGamma(random, b, (place * 2 * WordsOfGamma) + WordsOfGamma);
        return 1 / (1 + PortableMath.Exp(second - first));
    }

    private static double LogGamma(RandomStream random, double a, ulong word)
    {
        var shape = a < 1 ? a + 1 : a;
        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        var log = PortableMath.Log(d); // should every try fail, which one in 10⁹ does: the mode, near enough
        for (ulong attempt = 0; attempt < Tries; attempt++)
        {
            var x = Normal(random, word + (4 * attempt));
            var v = 1 + (c * x);
            if (v <= 0)
                continue;
            v = v * v * v;
            var u = Open(random.UInt32(word + (4 * attempt) + 2));
            if (PortableMath.Log(u) >= (0.5 * x * x) + (d * (1 - v + PortableMath.Log(v))))
                continue;
            log = PortableMath.Log(d * v);
            break;
        }
        return a < 1 ? log + (PortableMath.Log(Open(random.UInt32(word + (4 * Tries)))) / a) : log;
    }

    // Box and Muller 1958.
    private static double Normal(RandomStream random, ulong word)
    {
        var radius = Math.Sqrt(-2 * PortableMath.Log(Open(random.UInt32(word))));
        return radius * PortableMath.CosineOfTurns(Open(random.UInt32(word + 1)));
    }

    // Never 0, never 1.
    private static double Open(uint word) => (word + 0.5) / 4294967296.0;
}
