using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace AttnCrnn.Audio;

/// <summary>
/// The log-mel spectrogram: 80 bands of Slaney's mel scale from 0 to 8 kHz, windows of 25 ms (periodic Hann), a hop of
/// 10 ms, centered with reflection padding, power, log10 with a floor of 1e-10. The conventions are the same as in
/// librosa's <c>melspectrogram</c> (n_fft 400, hop_length 160, center, pad_mode reflect, htk False, norm slaney).
/// Thread-safe; deterministic.
/// </summary>
public sealed class LogMel
{
    /// <summary>Mel bands per frame.</summary>
    public const int Bands = 80;

    /// <summary>Hop length in samples: 10 ms.</summary>
    public const int HopSamples = 160;

    /// <summary>Window length in samples: 25 ms, also the FFT size.</summary>
    public const int WindowSamples = 400;

    /// <summary>Frames per second.</summary>
    public const double FramesPerSecond = (double)Waveform.SampleRateHz / HopSamples;

    internal const int MaxBands = (WindowSamples / 2) + 1; // one per FFT bin
    internal const double Floor = 1e-10;

    private readonly LogMelTransform<double> transform = new(WindowSamples);
    private readonly LogMelFilters filters;
    private readonly double[] window = CreatePeriodicHann(WindowSamples);
    private readonly int bands;

    /// <summary>Creates a transform with <see cref="Bands"/> mel bands.</summary>
    public LogMel()
        : this(Bands) { }

    /// <summary>Creates a transform with <paramref name="bands"/> mel bands between 0 and 8 kHz.</summary>
    internal LogMel(int bands)
    {
        this.bands = bands;
        filters = new(bands, WindowSamples, Waveform.SampleRateHz);
    }

    /// <summary>Number of frames for a number of samples; frame i is centered at sample 160 i.</summary>
    public static int CountFrames(int samples) => samples == 0 ? 0 : 1 + samples / HopSamples;

    /// <summary>Computes the log-mel frames of a waveform.</summary>
    /// <param name="waveform">[samples], 16 kHz mono, finite. May be shorter than half a window: the reflection is then
    /// repeated.</param>
    /// <param name="frames">1 + samples / 160; 0 for an empty waveform.</param>
    /// <returns>[frames, 80], log10 of power, at least -10.</returns>
    public float[] Compute(ReadOnlySpan<float> waveform, out int frames)
    {
        frames = CountFrames(waveform.Length);
        return Compute(waveform, frames);
    }

    /// <summary>Computes the first <paramref name="frames"/> frames of a waveform, which must not be empty.</summary>
    /// <returns>[frames, bands], log10 of power, at least -10.</returns>
    internal float[] Compute(ReadOnlySpan<float> waveform, int frames)
    {
        var result = new float[frames * bands];
        var lanes = LogMelTransform<double>.Lanes;
        var scratch = ArrayPool<double>.Shared.Rent((transform.ScratchLength + WindowSamples) * lanes);
        try
        {
            var windowed = scratch.AsSpan(0, WindowSamples * lanes);
            var transformScratch = MemoryMarshal.Cast<double, Vector<double>>(
                scratch.AsSpan(WindowSamples * lanes, transform.ScratchLength * lanes)
            );
            for (var frame = 0; frame < frames; frame += lanes)
            {
                var count = Math.Min(lanes, frames - frame);
                // Lanes beyond the last frame hold stale values, which are not read.
                for (var lane = 0; lane < count; lane++)
                    ApplyWindow(waveform, ((frame + lane) * HopSamples) - (WindowSamples / 2), windowed[lane..]);
                var power = transform.ComputePower(
                    MemoryMarshal.Cast<double, Vector<double>>(windowed),
                    transformScratch
                ); // [201]
                filters.ComputeLogEnergies(power, Floor, result.AsSpan(frame * bands, count * bands)); // [count, bands]
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(scratch);
        }
        return result;
    }

    // Writes every lanes-th element of the target, starting with the first.
    private void ApplyWindow(ReadOnlySpan<float> waveform, int first, Span<double> windowed)
    {
        var lanes = LogMelTransform<double>.Lanes;
        if (first >= 0 && first + WindowSamples <= waveform.Length)
        {
            var segment = waveform.Slice(first, WindowSamples);
            for (var i = 0; i < WindowSamples; i++)
                windowed[i * lanes] = segment[i] * window[i];
            return;
        }
        for (var i = 0; i < WindowSamples; i++)
            windowed[i * lanes] = waveform[ReflectIndex(first + i, waveform.Length)] * window[i];
    }

    // …3 2 1 [0 1 2 3] 2 1 0 1…: the end samples are not repeated, so the period is 2 (length - 1).
    private static int ReflectIndex(int index, int length)
    {
        if (length == 1)
            return 0;
        var period = 2 * (length - 1);
        var position = ((index % period) + period) % period;
        return position < length ? position : period - position;
    }

    internal static double[] CreatePeriodicHann(int length)
    {
        var window = new double[length];
        for (var i = 0; i < length; i++)
            window[i] = 0.5 - 0.5 * Math.Cos(2 * Math.PI * i / length);
        return window;
    }
}
