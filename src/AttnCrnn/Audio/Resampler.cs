using System.Collections.Concurrent;

namespace AttnCrnn.Audio;

/// <summary>
/// Another sample rate by windowed sinc (Smith, "Digital audio resampling"; Kaiser's window): one filter a phase of the two rates' ratio, in
/// float64. Flat to .91 of the lower Nyquist rate and 130 dB down from that rate on, so nothing folds back that could be heard.
/// </summary>
public static class Resampler
{
    private const double Attenuation = 130; // dB
    private const double Beta = 13.36; // Kaiser's, for 130 dB: 0.1102 (A - 8.7)
    private const double Transition = 0.0875; // of the lower Nyquist rate, below it: where the SoX resampler has it
    private const int MaxTaps = 40_000_000;

    private static readonly ConcurrentDictionary<(int Up, int Down), Filter> Filters = new();

    /// <summary>The samples at another rate.</summary>
    /// <param name="samples">[samples], finite.</param>
    /// <returns>round(samples · to / from) of them, halves to even.</returns>
    public static float[] Resample(ReadOnlySpan<float> samples, int fromHz, int toHz)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fromHz, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(toHz, 1);
        if (fromHz == toHz)
            return samples.ToArray();
        var divisor = (int)System.Numerics.BigInteger.GreatestCommonDivisor(fromHz, toHz);
        var (up, down) = (toHz / divisor, fromHz / divisor);
        var filter = Filters.GetOrAdd((up, down), ratio => new Filter(ratio.Up, ratio.Down));
        var result = new float[(long)Math.Round((double)samples.Length * up / down, MidpointRounding.ToEven)];
        for (var i = 0; i < result.Length; i++)
        {
            var place = (long)i * down;
            result[i] = filter.At(samples, place / up, (int)(place % up));
        }
        return result;
    }

    // The kernel at the distances of a phase from its neighbours, kept for up to a few million taps; beyond, made as they are needed.
    private sealed class Filter
    {
        private readonly double cutoff; // in cycles a sample of the input, times two
        private readonly int reach; // samples to each side
        private readonly int up;
        private readonly float[][]? phases;

        public Filter(int up, int down)
        {
            this.up = up;
            var lower = Math.Min(1.0, (double)up / down);
            // Kaiser's formula for the length of so many dB over the transition, centred so that it ends at the lower Nyquist rate.
            cutoff = lower * (1 - (Transition / 2));
            reach = (int)Math.Ceiling((Attenuation - 7.95) / (2.285 * Math.PI * Transition * lower) / 2) + 1;
            if ((long)up * ((2 * reach) + 1) <= MaxTaps / 10)
                phases = [.. Enumerable.Range(0, up).Select(Phase)];
        }

        public float At(ReadOnlySpan<float> samples, long centre, int phase)
        {
            var taps = phases is null ? Phase(phase) : phases[phase];
            var first = centre - reach;
            var (low, high) = ((int)Math.Max(0, -first), (int)Math.Min(taps.Length, samples.Length - first));
            var sum = 0.0;
            for (var k = low; k < high; k++)
                sum += (double)taps[k] * samples[(int)(first + k)];
            return (float)sum;
        }

        private float[] Phase(int phase)
        {
            var taps = new double[(2 * reach) + 1];
            for (var k = 0; k < taps.Length; k++)
            {
                var x = k - reach - ((double)phase / up);
                taps[k] = cutoff * Sinc(cutoff * x) * Window(x / (reach + 1));
            }
            // Every phase passes 0 Hz alike: otherwise the ratio's beat would be heard on a constant.
            var gain = 1 / taps.Sum();
            return Array.ConvertAll(taps, tap => (float)(tap * gain));
        }

        private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);

        private static double Window(double x) =>
            Math.Abs(x) >= 1 ? 0 : Bessel(Beta * Math.Sqrt(1 - (x * x))) / Bessel(Beta);

        // I₀ by its power series.
        private static double Bessel(double x)
        {
            double sum = 1,
                term = 1;
            for (var k = 1; term > sum * 1e-17; k++)
            {
                term *= x * x / (4.0 * k * k);
                sum += term;
            }
            return sum;
        }
    }
}
