using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using AttnCrnn.Audio;

namespace AttnCrnn.Encoders.Transformers.Wav2Vec2Bert;

/// <summary>
/// The filter banks of w2v-BERT 2.0, as transformers' SeamlessM4TFeatureExtractor computes them after Kaldi: windows of
/// 25 ms every 10 ms without padding, each without its mean, with pre-emphasis and Povey's window; the logarithm of mel
/// powers, normalized per band over the recording. Computed in float64. Thread-safe; deterministic.
/// </summary>
internal sealed class FilterBanks(int bands)
{
    /// <summary>Window length in samples: 25 ms.</summary>
    public const int WindowSamples = 400;

    /// <summary>Hop length in samples: 10 ms.</summary>
    public const int HopSamples = 160;

    /// <summary>Length of the transform: the window and zeros.</summary>
    public const int TransformSamples = 512;

    /// <summary>Frequencies of the transform, from 0 to 8 kHz.</summary>
    public const int Bins = (TransformSamples / 2) + 1;

    /// <summary>Smallest power before the logarithm.</summary>
    public const double Floor = 1.192092955078125e-07;

    /// <summary>Added to the variance of a band.</summary>
    public const double Epsilon = 1e-7;

    /// <summary>Factor between samples from -1 to 1 and the 16-bit samples that the filter banks expect.</summary>
    public const double Scale = 32768;

    /// <summary>Part of the previous sample that is subtracted from each one.</summary>
    public const double PreEmphasis = 0.97;

    /// <summary>The fewest frames: the variance of one is undefined.</summary>
    public const int MinFrames = 2;

    private readonly LogMelTransform<double> transform = new(TransformSamples);
    private readonly double[] window = CreateWindow();
    private readonly double[,] filters = CreateFilters(bands);

    /// <summary>Number of frames of 10 ms; 0 if there are fewer than <see cref="MinFrames"/>.</summary>
    public static int CountFrames(int samples) =>
        samples < CountSamples(MinFrames) ? 0 : 1 + ((samples - WindowSamples) / HopSamples);

    /// <summary>The fewest samples for a number of frames.</summary>
    public static int CountSamples(int frames) => ((frames - 1) * HopSamples) + WindowSamples;

    /// <summary>Computes the normalized frames of a recording.</summary>
    /// <param name="waveform">[samples], 16 kHz mono, for at least <see cref="MinFrames"/> frames.</param>
    /// <returns>[frames, bands].</returns>
    public float[] Compute(ReadOnlySpan<float> waveform)
    {
        var frames = CountFrames(waveform.Length);
        var logarithms = ComputeLogarithms(waveform, frames);
        var result = new float[logarithms.Length];
        for (var band = 0; band < bands; band++)
        {
            double mean = 0,
                variance = 0;
            for (var i = band; i < logarithms.Length; i += bands)
                mean += logarithms[i];
            mean /= frames;
            for (var i = band; i < logarithms.Length; i += bands)
                variance += (logarithms[i] - mean) * (logarithms[i] - mean);
            var deviation = Math.Sqrt((variance / (frames - 1)) + Epsilon);
            for (var i = band; i < logarithms.Length; i += bands)
                result[i] = (float)((logarithms[i] - mean) / deviation);
        }
        return result;
    }

    /// <summary>Povey's window: a Hann window to the power of 0.85.</summary>
    public static double[] CreateWindow()
    {
        var values = new double[WindowSamples];
        for (var i = 0; i < WindowSamples; i++)
            values[i] = Math.Pow(0.5 - (0.5 * Math.Cos(2 * Math.PI * i / (WindowSamples - 1))), 0.85);
        return values;
    }

    /// <summary>
    /// Kaldi's mel filters: triangles in mel between 20 Hz and 8 kHz, without normalization. Nothing passes at 8 kHz.
    /// </summary>
    /// <returns>[bands, bins].</returns>
    public static double[,] CreateFilters(int bands)
    {
        static double ToMel(double hertz) => 1127 * Math.Log(1 + (hertz / 700));
        var first = ToMel(20);
        var step = (ToMel(Waveform.SampleRateHz / 2.0) - first) / (bands + 1);
        var values = new double[bands, Bins];
        for (var bin = 0; bin < Bins - 1; bin++)
        {
            var position = (ToMel((double)bin * Waveform.SampleRateHz / TransformSamples) - first) / step;
            for (var band = 0; band < bands; band++)
                values[band, bin] = Math.Max(0, Math.Min(position - band, band + 2 - position));
        }
        return values;
    }

    // [frames, bands].
    private double[] ComputeLogarithms(ReadOnlySpan<float> waveform, int frames)
    {
        var lanes = LogMelTransform<double>.Lanes;
        var result = new double[frames * bands];
        var scratch = ArrayPool<double>.Shared.Rent((transform.ScratchLength + TransformSamples) * lanes);
        try
        {
            var windowed = scratch.AsSpan(0, TransformSamples * lanes);
            windowed.Clear();
            var transformScratch = MemoryMarshal.Cast<double, Vector<double>>(
                scratch.AsSpan(TransformSamples * lanes, transform.ScratchLength * lanes)
            );
            for (var frame = 0; frame < frames; frame += lanes)
            {
                var count = Math.Min(lanes, frames - frame);
                for (var lane = 0; lane < count; lane++)
                    ApplyWindow(waveform.Slice((frame + lane) * HopSamples, WindowSamples), windowed[lane..]);
                var powers = transform.ComputePower(
                    MemoryMarshal.Cast<double, Vector<double>>(windowed),
                    transformScratch
                ); // [bins]
                for (var lane = 0; lane < count; lane++)
                    ApplyFilters(powers, lane, result.AsSpan((frame + lane) * bands, bands));
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(scratch);
        }
        return result;
    }

    // Writes every lanes-th element of the target, starting with the first.
    private void ApplyWindow(ReadOnlySpan<float> segment, Span<double> windowed)
    {
        double mean = 0;
        foreach (var sample in segment)
            mean += sample * Scale;
        mean /= WindowSamples;
        var previous = (segment[0] * Scale) - mean;
        for (var i = 0; i < WindowSamples; i++)
        {
            var sample = (segment[i] * Scale) - mean;
            windowed[i * LogMelTransform<double>.Lanes] = (sample - (PreEmphasis * previous)) * window[i];
            previous = sample;
        }
    }

    private void ApplyFilters(ReadOnlySpan<Vector<double>> powers, int lane, Span<double> target)
    {
        for (var band = 0; band < bands; band++)
        {
            double energy = 0;
            for (var bin = 0; bin < Bins; bin++)
                if (filters[band, bin] is var weight and not 0)
                    energy += weight * powers[bin][lane];
            target[band] = Math.Log(Math.Max(energy, Floor));
        }
    }
}
