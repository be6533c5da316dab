using AttnCrnn.Audio;
using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Bench.Speech;

/// <summary>Sounds that are no speech, computed: 3.7 s at 16 kHz, the same for the same number.</summary>
internal static class Sounds
{
    private const int Rate = Waveform.SampleRateHz;
    private const int Samples = (int)(3.7 * Rate);

    // Notes of the scale of C major, in semitones.
    private static readonly int[] Scale = [0, 2, 4, 5, 7, 9, 11, 12];

    /// <summary>The kinds of sounds, each with a function of the number of the sound.</summary>
    public static IReadOnlyDictionary<string, Func<int, float[]>> Kinds { get; } =
        new Dictionary<string, Func<int, float[]>>
        {
            ["silence with dither"] = number => Noise(number, 1e-5f * (1 + number)),
            ["tone"] = number => Tone(100 * Math.Pow(2, number / 5.0), 0.3f),
            ["hum of 50 or 60 Hz"] = number => Hum(number % 2 == 0 ? 50 : 60, 0.02f * (1 + (number / 2))),
            ["white noise"] = number => Noise(number, 0.003f * (1 + number)),
            ["pink noise"] = number => Pink(number, 0.01f * (1 + number)),
            ["chord"] = number => Chords(number, seconds: 3.7),
            ["melody with vibrato"] = Melody,
            ["drums"] = Drums,
            ["melody, chords and drums"] = number => Mix(Melody(number), Chords(number, 0.9), Drums(number)),
        };

    /// <summary>Pink noise, 3 dB less per octave, of a root mean square.</summary>
    public static float[] Pink(int number, float level)
    {
        // Six first-order filters (Paul Kellet's approximation, within 0.5 dB of pink).
        double[] poles = [0.99886, 0.99332, 0.96900, 0.86650, 0.55000, -0.7616];
        double[] gains = [0.0555179, 0.0750759, 0.1538520, 0.3104856, 0.5329522, -0.0168980];
        var state = new double[poles.Length];
        var sound = Noise(number, 1);
        foreach (ref var sample in sound.AsSpan())
        {
            double sum = sample * 0.5362;
            for (var i = 0; i < poles.Length; i++)
            {
                state[i] = (poles[i] * state[i]) + (sample * gains[i]);
                sum += state[i];
            }
            sample = (float)sum;
        }
        return Scaled(sound, level);
    }

    /// <summary>A sound with this root mean square.</summary>
    public static float[] Scaled(float[] sound, float level)
    {
        var factor = level / MathF.Sqrt(sound.Average(sample => sample * sample));
        return [.. sound.Select(sample => Math.Clamp(sample * factor, -1, 1))];
    }

    private static float[] Noise(int number, float level)
    {
        var sound = new float[Samples];
        new RandomStream((ulong)number).FillNormal(sound);
        return [.. sound.Select(sample => Math.Clamp(sample * level, -1, 1))];
    }

    private static float[] Tone(double hz, float level) => Create(time => level * Math.Sin(2 * Math.PI * hz * time));

    private static float[] Hum(int hz, float level) =>
        Create(time =>
            level * Enumerable.Range(1, 7).Sum(harmonic => Math.Sin(2 * Math.PI * hz * harmonic * time) / harmonic)
        );

    // Triads of five harmonics that decay, as of a plucked instrument.
    private static float[] Chords(int number, double seconds) =>
        Create(time =>
        {
            var index = (int)(time / seconds);
            var elapsed = time - (index * seconds);
            var root = Scale[(number + (3 * index)) % 7];
            return 0.06
                * Math.Exp(-elapsed)
                * ((int[])[0, 4, 7]).Sum(step => Harmonics(110 * Math.Pow(2, (root + step) / 12.0), time, 5));
        });

    // Notes of 0.25 to 0.5 s with an attack, a vibrato of 5 to 6.5 Hz, and the range of a singer or a flute.
    private static float[] Melody(int number)
    {
        var random = new RandomStream((ulong)number);
        var noteSeconds = 0.25 + (0.25 * random.SampleUniform(0));
        var vibratoHz = 5 + (1.5 * random.SampleUniform(1));
        var octave = 220 * Math.Pow(2, number % 3);
        var phase = 0.0;
        return Create(time =>
        {
            var note = (int)(time / noteSeconds);
            var elapsed = time - (note * noteSeconds);
            var hz = octave * Math.Pow(2, Scale[random.SampleBelow(8, (ulong)(note + 2))] / 12.0);
            phase += hz * (1 + (0.01 * Math.Sin(2 * Math.PI * vibratoHz * time))) / Rate;
            var envelope = Math.Min(1, elapsed / 0.03) * Math.Min(1, (noteSeconds - elapsed) / 0.05);
            return 0.15 * envelope * Harmonics(1, phase, 6);
        });
    }

    // A bass drum on every beat, a snare drum between, 90 to 150 beats per minute.
    private static float[] Drums(int number)
    {
        var noise = Noise(number, 0.2f);
        var beat = 60.0 / (90 + (3 * number));
        var sample = 0;
        return Create(time =>
        {
            var sinceBass = time % beat;
            var sinceSnare = (time + (beat / 2)) % beat;
            var bass =
                0.5
                * Math.Exp(-sinceBass * 25)
                * Math.Sin(2 * Math.PI * (50 + (60 * Math.Exp(-sinceBass * 40))) * sinceBass);
            return bass + (noise[sample++] * Math.Exp(-sinceSnare * 30));
        });
    }

    private static double Harmonics(double hz, double time, int count) =>
        Enumerable.Range(1, count).Sum(harmonic => Math.Sin(2 * Math.PI * hz * harmonic * time) / harmonic);

    private static float[] Mix(params float[][] sounds) =>
        [.. Enumerable.Range(0, Samples).Select(i => Math.Clamp(sounds.Sum(sound => sound[i]), -1, 1))];

    private static float[] Create(Func<double, double> amplitude) =>
        [.. Enumerable.Range(0, Samples).Select(i => (float)Math.Clamp(amplitude((double)i / Rate), -1, 1))];
}
