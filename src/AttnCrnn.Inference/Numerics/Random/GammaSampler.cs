using AttnCrnn.Numerics.Simd;

namespace AttnCrnn.Numerics.Random;

/// <summary>
/// Gamma and Beta variates (Marsaglia and Tsang 2000; for a &lt; 1 by G(a) = G(a + 1) U^(1/a)), computed in logarithms
/// because MixUp's small a underflow float64.
/// </summary>
internal static class GammaSampler
{
    private const int MaxAttempts = 7; // the acceptance probability of each is above 0.95
    private const int WordsPerGamma = 32;

    public static double SampleBeta(RandomStream random, double a, double b, ulong position)
    {
        if (!(a > 0 && b > 0))
            throw new ArgumentException($"Beta({a}, {b}): expected positive parameters");
        var first = SampleLogGamma(random, a, position * 2 * WordsPerGamma);
        var second = SampleLogGamma(random, b, (position * 2 * WordsPerGamma) + WordsPerGamma);
        return 1 / (1 + PortableMath.Exp(second - first));
    }

    private static double SampleLogGamma(RandomStream random, double a, ulong word)
    {
        var shape = a < 1 ? a + 1 : a;
        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        var log = PortableMath.Log(d); // about the mode, if every try is rejected (probability 10⁻⁹)
        for (ulong attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var x = SampleNormal(random, word + (4 * attempt));
            var v = 1 + (c * x);
            if (v <= 0)
                continue;
            v = v * v * v;
            var u = ToOpenUnitInterval(random.GetUInt32(word + (4 * attempt) + 2));
            if (PortableMath.Log(u) >= (0.5 * x * x) + (d * (1 - v + PortableMath.Log(v))))
                continue;
            log = PortableMath.Log(d * v);
            break;
        }
        return a < 1
            ? log + (PortableMath.Log(ToOpenUnitInterval(random.GetUInt32(word + (4 * MaxAttempts)))) / a)
            : log;
    }

    // Box and Muller 1958.
    private static double SampleNormal(RandomStream random, ulong word)
    {
        var radius = Math.Sqrt(-2 * PortableMath.Log(ToOpenUnitInterval(random.GetUInt32(word))));
        return radius * PortableMath.CosineOfTurns(ToOpenUnitInterval(random.GetUInt32(word + 1)));
    }

    // In the open interval (0, 1).
    private static double ToOpenUnitInterval(uint word) => (word + 0.5) / 4294967296.0;
}
