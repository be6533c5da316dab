using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using AttnCrnn.Audio;

namespace AttnCrnn.Corpora.Auditing;

/// <summary>
/// Energies of logarithmically spaced bands from 300 to 3000 Hz, which every voice channel passes, in long windows:
/// what fingerprints are made of.
/// </summary>
internal static class BandEnergies
{
    /// <summary>Number of bands: one more than a fingerprint's word has bits.</summary>
    public const int Bands = 33;

    /// <summary>Hop length in samples: 32 ms, so that two copies are at most 16 ms apart.</summary>
    public const int HopSamples = 512;

    // 256 ms: neighboring windows overlap by 7/8, so that a shift of half a hop changes few signs.
    private const int WindowSamples = 4096;
    private const double LowestHz = 300;
    private const double HighestHz = 3000;

    /// <summary>Added to each band: digital silence has the same energy everywhere, and no quotients of 0.</summary>
    public const double Floor = 1e-12;

    private static readonly LogMelTransform Transform = new(WindowSamples);
    private static readonly double[] Window = LogMel.CreatePeriodicHann(WindowSamples);
    private static readonly int[] Edges =
    [
        .. Enumerable
            .Range(0, Bands + 1)
            .Select(band => LowestHz * Math.Pow(HighestHz / LowestHz, (double)band / Bands))
            .Select(hz => (int)Math.Round(hz * WindowSamples / Waveform.SampleRateHz)),
    ];

    /// <summary>Computes the energies of the windows centered at every hop.</summary>
    /// <param name="samples">[samples], 16 kHz mono, finite; zeros before and after.</param>
    /// <returns>[frames, bands], positive.</returns>
    public static double[] Compute(ReadOnlySpan<float> samples)
    {
        var frames = (samples.Length + HopSamples - 1) / HopSamples;
        var energies = new double[frames * Bands];
        var lanes = LogMelTransform.Lanes;
        var buffer = ArrayPool<double>.Shared.Rent((Transform.ScratchLength + WindowSamples) * lanes);
        try
        {
            var windowed = buffer.AsSpan(0, WindowSamples * lanes);
            var scratch = buffer.AsSpan(WindowSamples * lanes, Transform.ScratchLength * lanes);
            for (var frame = 0; frame < frames; frame += lanes)
            {
                var count = Math.Min(lanes, frames - frame);
                windowed.Clear(); // lanes beyond the last frame, and the borders
                for (var lane = 0; lane < count; lane++)
                    ApplyWindow(samples, ((frame + lane) * HopSamples) - (WindowSamples / 2), windowed[lane..]);
                var power = Transform.ComputePower(
                    MemoryMarshal.Cast<double, Vector<double>>(windowed),
                    MemoryMarshal.Cast<double, Vector<double>>(scratch)
                );
                Sum(power, energies.AsSpan(frame * Bands, count * Bands));
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(buffer);
        }
        return energies;
    }

    private static void ApplyWindow(ReadOnlySpan<float> samples, int first, Span<double> windowed)
    {
        var lanes = LogMelTransform.Lanes;
        var end = Math.Min(WindowSamples, samples.Length - first);
        for (var i = Math.Max(0, -first); i < end; i++)
            windowed[i * lanes] = samples[first + i] * Window[i];
    }

    private static void Sum(ReadOnlySpan<Vector<double>> power, Span<double> energies)
    {
        for (var band = 0; band < Bands; band++)
        {
            var sum = new Vector<double>(Floor);
            for (var bin = Edges[band]; bin < Edges[band + 1]; bin++)
                sum += power[bin];
            for (var lane = 0; lane * Bands < energies.Length; lane++)
                energies[(lane * Bands) + band] = sum[lane];
        }
    }
}
