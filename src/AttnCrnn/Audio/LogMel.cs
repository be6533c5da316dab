using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace AttnCrnn.Audio;

/// <summary>
/// The log-mel spectrogram: 80 bands of Slaney's mel scale from 0 to 8 kHz, windows of 25 ms (periodic Hann), a hop of
/// 10 ms, centred with reflection, power, log10 with a floor of 1e-10. The conventions are librosa's
/// <c>melspectrogram</c> (n_fft 400, hop_length 160, center, pad_mode reflect, htk False, norm slaney). Safe to call
/// from several threads; the same samples give the same frames.
/// </summary>
public sealed class LogMel
{
    /// <summary>Values a frame.</summary>
    public const int Bands = 80;

    /// <summary>Samples from one frame to the next: 10 ms.</summary>
    public const int HopSamples = 160;

    /// <summary>Samples a frame looks at: 25 ms, which is also the length of the Fourier transform.</summary>
    public const int WindowSamples = 400;

    /// <summary>Frames a second.</summary>
    public const double FramesPerSecond = (double)SampleRateHz / HopSamples;

    internal const int SampleRateHz = 16_000; // the one rate of the house
    internal const int MaxBands = (WindowSamples / 2) + 1; // one for each bin of the spectrum
    internal const double Floor = 1e-10;

    private readonly LogMelTransform transform = new(WindowSamples);
    private readonly LogMelFilters filters;
    private readonly double[] window = PeriodicHann(WindowSamples);
    private readonly int bands;

    /// <summary>A transform into <see cref="Bands"/> bands.</summary>
    public LogMel()
        : this(Bands) { }

    /// <summary>The same with another number of bands between 0 and 8 kHz.</summary>
    internal LogMel(int bands)
    {
        this.bands = bands;
        filters = new(bands, WindowSamples, SampleRateHz);
    }

    /// <summary>Frames that so many samples give: one in the middle of every hop, the first at sample 0.</summary>
    public static int FrameCount(int samples) => samples == 0 ? 0 : 1 + samples / HopSamples;

    /// <summary>The frames of a waveform.</summary>
    /// <param name="waveform">16 kHz mono, finite. Shorter than half a window will do: the reflection is then
    /// repeated.</param>
    /// <param name="frames">1 + samples / 160; 0 where there are no samples.</param>
    /// <returns>[frames, 80], log10 of power, from -10 up.</returns>
    public float[] Compute(ReadOnlySpan<float> waveform, out int frames)
    {
        frames = FrameCount(waveform.Length);
        return Compute(waveform, frames);
    }

    /// <summary>The first frames of a waveform, which has samples where it has frames.</summary>
    /// <returns>[frames, bands], log10 of power, from -10 up.</returns>
    internal float[] Compute(ReadOnlySpan<float> waveform, int frames)
    {
        var result = new float[frames * bands];
        var lanes = LogMelTransform.Lanes;
        var scratch = ArrayPool<double>.Shared.Rent((transform.ScratchLength + WindowSamples) * lanes);
        try
        {
            var windowed = scratch.AsSpan(0, WindowSamples * lanes);
            var rest = MemoryMarshal.Cast<double, Vector<double>>(
                scratch.AsSpan(WindowSamples * lanes, transform.ScratchLength * lanes)
            );
            for (var frame = 0; frame < frames; frame += lanes)
            {
                var count = Math.Min(lanes, frames - frame);
                // The lanes beyond the last frame keep what they have: nobody looks at them.
                for (var lane = 0; lane < count; lane++)
                    Cut(waveform, ((frame + lane) * HopSamples) - (WindowSamples / 2), windowed[lane..]);
                var power = transform.Power(MemoryMarshal.Cast<double, Vector<double>>(windowed), rest); // [201]
                filters.Log(power, Floor, result.AsSpan(frame * bands, count * bands)); // [count, bands]
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(scratch);
        }
        return result;
    }

    // Every lanes-th element of the target, from its first on.
    private void Cut(ReadOnlySpan<float> waveform, int first, Span<double> windowed)
    {
        var lanes = LogMelTransform.Lanes;
        if (first >= 0 && first + WindowSamples <= waveform.Length)
        {
            var inside = waveform.Slice(first, WindowSamples);
            for (var i = 0; i < WindowSamples; i++)
                windowed[i * lanes] = inside[i] * window[i];
            return;
        }
        for (var i = 0; i < WindowSamples; i++)
            windowed[i * lanes] = waveform[Reflected(first + i, waveform.Length)] * window[i];
    }

    // …3 2 1 [0 1 2 3] 2 1 0 1…: the ends are not repeated, and the pattern has a period of twice the steps between
    // them.
    private static int Reflected(int index, int length)
    {
        if (length == 1)
            return 0;
        var period = 2 * (length - 1);
        var place = ((index % period) + period) % period;
        return place < length ? place : period - place;
    }

    internal static double[] PeriodicHann(int length)
    {
        var window = new double[length];
        for (var i = 0; i < length; i++)
            window[i] = 0.5 - 0.5 * Math.Cos(2 * Math.PI * i / length);
        return window;
    }
}
