using System.Collections.Concurrent;

namespace AttnCrnn.Audio;

/// <summary>
/// Polyphase windowed-sinc resampler (Smith, "Digital Audio Resampling"; Kaiser window), computed in float64. The
/// passband is flat up to 0.91 of the lower Nyquist rate; the stopband attenuation is 130 dB, so aliasing is inaudible.
/// </summary>
public static class Resampler
{
    private const double Attenuation = 130; // dB
    private const double Beta = 13.36; // Kaiser window parameter for 130 dB: 0.1102 (A - 8.7)
    private const double Transition = 0.0875; // band, as a fraction of the lower Nyquist rate; SoX uses the same
    private const int MaxTaps = 40_000_000;

    private static readonly ConcurrentDictionary<(int Up, int Down), Filter> Filters = new();

    /// <summary>Resamples a waveform to another sample rate.</summary>
    /// <param name="samples">[samples], finite.</param>
    /// <returns>round(samples · to / from) samples, halves to even.</returns>
    public static float[] Resample(ReadOnlySpan<float> samples, int fromHz, int toHz)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fromHz, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(toHz, 1);
        if (GetFilter(fromHz, toHz, out var up, out var down) is not { } filter)
            return samples.ToArray();
        var result = new float[(long)Math.Round((double)samples.Length * up / down, MidpointRounding.ToEven)];
        for (var i = 0; i < result.Length; i++)
        {
            var position = (long)i * down;
            result[i] = filter.Interpolate(samples, position / up, (int)(position % up));
        }
        return result;
    }

    /// <summary>The filter between two sample rates whose ratio is up / down; null if they are equal.</summary>
    internal static Filter? GetFilter(int fromHz, int toHz, out int up, out int down)
    {
        var divisor = (int)System.Numerics.BigInteger.GreatestCommonDivisor(fromHz, toHz);
        up = toHz / divisor;
        down = fromHz / divisor;
        return fromHz == toHz ? null : Filters.GetOrAdd((up, down), ratio => new Filter(ratio.Up, ratio.Down));
    }

    // The kernel of each phase; cached up to a few million taps in total, otherwise computed on demand.
    internal sealed class Filter
    {
        private readonly double cutoff; // relative to the input's Nyquist rate
        private readonly int up;
        private readonly float[][]? phases;

        /// <summary>Samples on each side of the center.</summary>
        public int HalfWidth { get; }

        public Filter(int up, int down)
        {
            this.up = up;
            var lower = Math.Min(1.0, (double)up / down);
            // Kaiser's filter-length formula; the transition band ends at the lower Nyquist rate.
            cutoff = lower * (1 - (Transition / 2));
            HalfWidth = (int)Math.Ceiling((Attenuation - 7.95) / (2.285 * Math.PI * Transition * lower) / 2) + 1;
            if ((long)up * ((2 * HalfWidth) + 1) <= MaxTaps / 10)
                phases = [.. Enumerable.Range(0, up).Select(ComputePhase)];
        }

        public float Interpolate(ReadOnlySpan<float> samples, long center, int phase)
        {
            var taps = phases is null ? ComputePhase(phase) : phases[phase];
            var first = center - HalfWidth;
            var low = (int)Math.Max(0, -first);
            var high = (int)Math.Min(taps.Length, samples.Length - first);
            var sum = 0.0;
            for (var k = low; k < high; k++)
                sum += (double)taps[k] * samples[(int)(first + k)];
            return (float)sum;
        }

        private float[] ComputePhase(int phase)
        {
            var taps = new double[(2 * HalfWidth) + 1];
            for (var k = 0; k < taps.Length; k++)
            {
                var x = k - HalfWidth - ((double)phase / up);
                taps[k] = cutoff * ComputeSinc(cutoff * x) * KaiserWindow.Compute(x / (HalfWidth + 1), Beta);
            }
            // Normalize each phase to unit gain at 0 Hz, or a constant input would be modulated at the phase rate.
            var gain = 1 / taps.Sum();
            return Array.ConvertAll(taps, tap => (float)(tap * gain));
        }

        private static double ComputeSinc(double x) => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);
    }
}
