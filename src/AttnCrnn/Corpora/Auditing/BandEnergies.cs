using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AttnCrnn.Audio;

namespace AttnCrnn.Corpora.Auditing;

/// <summary>
/// Energies of logarithmically spaced bands from 300 to 3000 Hz, which every voice channel passes, in long windows:
/// what fingerprints are made of. Computed at 8 kHz in float32, in a fraction of the time at 16 kHz in float64.
/// </summary>
internal static class BandEnergies
{
    /// <summary>Number of bands: one more than a fingerprint's word has bits.</summary>
    public const int Bands = 33;

    /// <summary>Hop length in samples at 16 kHz: 32 ms, so that two copies are at most 16 ms apart.</summary>
    public const int HopSamples = 512;

    private const int Factor = 2; // of the filter
    private const int RateHz = Waveform.SampleRateHz / Factor;
    private const int Hop = HopSamples / Factor;

    // 256 ms: neighboring windows overlap by 7/8, so that a shift of half a hop changes few signs.
    private const int WindowSamples = 2048;
    private const int HopsPerWindow = WindowSamples / Hop;
    private const double LowestHz = 300;
    private const double HighestHz = 3000;

    /// <summary>Added to each band: digital silence has the same energy everywhere, and no quotients of 0.</summary>
    public const float Floor = 1e-12f;

    private static readonly LogMelTransform<float> Transform = new(WindowSamples);
    private static readonly float[] Window = Array.ConvertAll(LogMel.CreatePeriodicHann(WindowSamples), value =>
        (float)value
    );
    private static readonly int[] Edges =
    [
        .. Enumerable
            .Range(0, Bands + 1)
            .Select(band => LowestHz * Math.Pow(HighestHz / LowestHz, (double)band / Bands))
            .Select(hz => (int)Math.Round(hz * WindowSamples / RateHz)),
    ];

    /// <summary>Computes the energies of the windows centered at every hop.</summary>
    /// <param name="samples">[samples], 16 kHz mono, finite; zeros before and after.</param>
    /// <returns>[frames, bands], positive.</returns>
    public static float[] Compute(ReadOnlySpan<float> samples)
    {
        var length = HalfBandFilter.CountResults(samples.Length);
        var frames = (length + Hop - 1) / Hop;
        var scratchLength = Math.Max(HalfBandFilter.CountScratch(samples.Length), Hop * CountColumns(frames));
        var buffer = ArrayPool<float>.Shared.Rent(length + scratchLength);
        try
        {
            var filtered = buffer.AsSpan(0, length);
            var scratch = buffer.AsSpan(length, scratchLength);
            HalfBandFilter.Apply(samples, scratch, filtered);
            var transposed = scratch[..(Hop * CountColumns(frames))];
            Transpose(filtered, transposed, CountColumns(frames));
            return ComputeFrames(transposed, frames);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    // Zeros before the first hop and after the last, and as many after it as the lanes of the last frames read.
    private static int CountColumns(int frames) => frames + HopsPerWindow + LogMelTransform<float>.Lanes;

    // [hop samples, hops]: the same sample of consecutive frames, of which a vector is loaded, is side by side.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose(ReadOnlySpan<float> samples, Span<float> transposed, int columns)
    {
        transposed.Clear();
        for (var start = 0; start < samples.Length; start += Hop)
        {
            var hop = samples[start..Math.Min(start + Hop, samples.Length)];
            var column = transposed[((start / Hop) + (HopsPerWindow / 2))..];
            for (var i = 0; i < hop.Length; i++)
                column[i * columns] = hop[i];
        }
    }

    private static float[] ComputeFrames(ReadOnlySpan<float> transposed, int frames)
    {
        var energies = new float[frames * Bands];
        var lanes = LogMelTransform<float>.Lanes;
        var buffer = ArrayPool<float>.Shared.Rent((Transform.ScratchLength + WindowSamples) * lanes);
        try
        {
            var windowed = MemoryMarshal.Cast<float, Vector<float>>(buffer.AsSpan(0, WindowSamples * lanes));
            var scratch = MemoryMarshal.Cast<float, Vector<float>>(
                buffer.AsSpan(WindowSamples * lanes, Transform.ScratchLength * lanes)
            );
            for (var frame = 0; frame < frames; frame += lanes)
            {
                var count = Math.Min(lanes, frames - frame);
                ApplyWindow(transposed[frame..], CountColumns(frames), windowed);
                var power = Transform.ComputePower(windowed, scratch);
                Sum(power, energies.AsSpan(frame * Bands, count * Bands));
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
        return energies;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ApplyWindow(ReadOnlySpan<float> transposed, int columns, Span<Vector<float>> windowed)
    {
        for (var hop = 0; hop < HopsPerWindow; hop++)
        for (var i = 0; i < Hop; i++)
            windowed[(hop * Hop) + i] =
                new Vector<float>(transposed.Slice((i * columns) + hop, LogMelTransform<float>.Lanes))
                * Window[(hop * Hop) + i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum(ReadOnlySpan<Vector<float>> power, Span<float> energies)
    {
        for (var band = 0; band < Bands; band++)
        {
            var sum = new Vector<float>(Floor);
            for (var bin = Edges[band]; bin < Edges[band + 1]; bin++)
                sum += power[bin];
            for (var lane = 0; lane * Bands < energies.Length; lane++)
                energies[(lane * Bands) + band] = sum[lane];
        }
    }
}
