using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AttnCrnn.Audio;

/// <summary>Frequencies that a recording has, and those that its sample rate could have.</summary>
/// <param name="EffectiveHz">Frequency above which there is no energy.</param>
/// <param name="SampleRateHz">Sample rate of the recording, twice the highest frequency it could have.</param>
internal readonly record struct Bandwidth(int EffectiveHz, int SampleRateHz)
{
    // A narrower sound is a tone: the telephone has 3.4 kHz.
    private const int MinVoiceHz = 3000;
    private const double MinFraction = 0.6;

    /// <summary>
    /// Whether the energy ends far below half of the sample rate: after resampling from a lower rate, telephony, or a
    /// lossy codec of a low bit rate (MP3 with 128 kb/s keeps 0.7 of it).
    /// </summary>
    public bool IsLow => EffectiveHz >= MinVoiceHz && EffectiveHz < MinFraction * SampleRateHz / 2;
}

/// <summary>
/// Measures the bandwidth of a recording at its own sample rate, from its mean power spectrum (windows of 1024
/// samples), before it is resampled to 16 kHz, which would hide what is above 8 kHz.
/// </summary>
internal sealed class BandwidthMeter(int sampleRateHz)
{
    private const int WindowSamples = 1024;
    private const int BinsPerBand = 8; // so that a single line, as of a power supply, is no bandwidth
    private const int MinWindows = 8;

    // -70 dB of the loudest band: above it is the noise of microphones, below it that of 16 bits.
    private const double Ratio = 1e-7;

    private static readonly LogMelTransform<float> Transform = new(WindowSamples);
    private static readonly float[] Window = Array.ConvertAll(LogMel.CreatePeriodicHann(WindowSamples), value =>
        (float)value
    );

    private readonly float[] windowed = new float[WindowSamples * LogMelTransform<float>.Lanes];
    private readonly float[] scratch = new float[Transform.ScratchLength * LogMelTransform<float>.Lanes];
    private readonly Vector<float>[] power = new Vector<float>[WindowSamples / 2]; // of the windows of each lane
    private int lane;
    private int position; // in the window of the lane
    private int windows;

    /// <summary>Adds the next samples.</summary>
    /// <param name="samples">[samples], mono, finite.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Append(ReadOnlySpan<float> samples)
    {
        var lanes = LogMelTransform<float>.Lanes;
        while (!samples.IsEmpty)
        {
            var count = Math.Min(samples.Length, WindowSamples - position);
            for (var i = 0; i < count; i++)
                windowed[((position + i) * lanes) + lane] = samples[i] * Window[position + i];
            samples = samples[count..];
            position += count;
            if (position < WindowSamples)
                return;
            position = 0;
            windows++;
            if (++lane == lanes)
                AddWindows();
        }
    }

    /// <summary>The bandwidth of the samples so far; null for silence, and for less than eight windows.</summary>
    public Bandwidth? Measure()
    {
        AddLastWindows();
        if (windows < MinWindows)
            return null;
        var bands = new double[power.Length / BinsPerBand];
        for (var bin = 1; bin < power.Length; bin++) // not the mean of the samples
            bands[bin / BinsPerBand] += Vector.Sum(power[bin]);
        var max = bands.Max();
        if (max == 0)
            return null;
        var last = Array.FindLastIndex(bands, band => band >= max * Ratio);
        return new((int)((last + 1L) * BinsPerBand * sampleRateHz / WindowSamples), sampleRateHz);
    }

    // The other lanes hold windows that were added before, and a part of one.
    private void AddLastWindows()
    {
        if (lane == 0)
            return;
        var lanes = LogMelTransform<float>.Lanes;
        for (var i = 0; i < WindowSamples; i++)
            windowed.AsSpan((i * lanes) + lane, lanes - lane).Clear();
        AddWindows();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddWindows()
    {
        lane = 0;
        var spectrum = Transform.ComputePower(
            MemoryMarshal.Cast<float, Vector<float>>(windowed.AsSpan()),
            MemoryMarshal.Cast<float, Vector<float>>(scratch.AsSpan())
        );
        for (var bin = 0; bin < power.Length; bin++)
            power[bin] += spectrum[bin];
    }
}
