using System.Numerics;
using AttnCrnn.Audio;

namespace AttnCrnn.Tests.Audio;

public sealed class LogMelTests
{
    [Fact]
    public void A_tone_is_loudest_in_the_band_around_its_pitch()
    {
        var frames = new LogMel().Compute(Tone(1000, 8000), out var count);
        Assert.Equal(51, count);
        Assert.Equal(count * LogMel.Bands, frames.Length);
        var frame = frames.AsSpan(25 * LogMel.Bands, LogMel.Bands).ToArray();
        // 1 kHz is 15 of 45.25 mel in 81 steps: 26.85 steps up, so nearest to corner 27, the center of band 26.
        Assert.Equal(26, Array.IndexOf(frame, frame.Max()));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(159, 1)]
    [InlineData(160, 2)]
    [InlineData(201, 2)]
    [InlineData(640, 5)]
    public void A_clip_shorter_than_the_reflection_has_finite_frames(int samples, int expected)
    {
        var frames = new LogMel().Compute(Tone(440, samples), out var count);
        Assert.Equal(expected, count);
        Assert.Equal(expected, LogMel.CountFrames(samples));
        Assert.All(frames, value => Assert.InRange(value, -10f, 10f));
    }

    [Fact]
    public void Reflection_is_repeated_where_a_clip_is_shorter_than_half_a_window()
    {
        // 41 reflected samples have a period of 80: a long clip of that pattern has a middle frame equal to the first
        // frame of the short clip.
        var pattern = Tone(700, 41);
        var samples = new float[800];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = pattern[i % 80 < 41 ? i % 80 : 80 - i % 80];
        var shortFrames = new LogMel().Compute(pattern, out _);
        var longFrames = new LogMel().Compute(samples, out _);
        // Frame 2 is at 320 = 4 x 80.
        Assert.Equal(longFrames.AsSpan(2 * LogMel.Bands, LogMel.Bands).ToArray(), shortFrames);
    }

    [Fact]
    public void Silence_has_the_floor_value() =>
        Assert.All(new LogMel().Compute(new float[1600], out _), value => Assert.Equal(-10f, value));

    [Fact]
    public void The_spectrum_matches_a_plain_DFT()
    {
        var transform = new LogMelTransform<double>(400);
        static double Sample(int i, int lane) => Tone(333 + (100 * lane), 400)[i] * i; // a different sound in each lane
        var samples = new Vector<double>[400];
        for (var i = 0; i < 400; i++)
            samples[i] = new([.. Enumerable.Range(0, LogMelTransform<double>.Lanes).Select(lane => Sample(i, lane))]);
        var power = transform.ComputePower(samples, new Vector<double>[transform.ScratchLength]);
        for (var lane = 0; lane < LogMelTransform<double>.Lanes; lane++)
        for (var k = 0; k <= 200; k++)
        {
            var sum = Complex.Zero;
            for (var i = 0; i < 400; i++)
                sum += samples[i][lane] * Complex.FromPolarCoordinates(1, -2 * Math.PI * k * i / 400);
            Assert.Equal(sum.Magnitude * sum.Magnitude, power[k][lane], 1e-6);
        }
    }

    [Fact]
    public void A_frame_is_bit_identical_in_any_SIMD_lane()
    {
        var waveform = Tone(523, 16000);
        var allFrames = new LogMel().Compute(waveform, out _);
        var shiftedFrames = new LogMel().Compute(waveform.AsSpan(LogMel.HopSamples), out var frames);
        var interiorLength = (frames - 4) * LogMel.Bands; // away from both ends, where the reflection differs
        Assert.Equal(
            allFrames.AsSpan(3 * LogMel.Bands, interiorLength),
            shiftedFrames.AsSpan(2 * LogMel.Bands, interiorLength)
        );
    }

    [Fact]
    public void Threads_share_one_object_with_bit_identical_results()
    {
        var logMel = new LogMel();
        var waveform = Tone(523, 16000);
        var alone = logMel.Compute(waveform, out _);
        Parallel.For(0, 16, _ => Assert.Equal(alone, logMel.Compute(waveform, out var _)));
    }

    internal static float[] Tone(double hz, int samples) =>
        [.. Enumerable.Range(0, samples).Select(i => (float)(0.5 * Math.Sin(2 * Math.PI * hz * i / 16000)))];
}
