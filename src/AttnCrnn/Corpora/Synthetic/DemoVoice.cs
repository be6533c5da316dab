using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Corpora.Synthetic;

/// <summary>
/// A sentence-like sound: glottal pulses (Rosenberg 1971) with jitter, tilt and breath, through four formant resonators in cascade
/// (Klatt 1980) that move from vowel to vowel, with gaps between the syllables.
/// </summary>
internal sealed class DemoVoice
{
    private const int Rate = 16_000;
    private const double OpenShare = 0.6; // of a period in which the glottis is open

    // Hz, an adult man's a, e, i, o, u, ə (Peterson and Barney 1952, rounded).
    private static readonly double[][] Vowels =
    [
        [730, 1090, 2440, 3400],
        [530, 1840, 2480, 3400],
        [270, 2290, 3010, 3500],
        [570, 840, 2410, 3300],
        [300, 870, 2240, 3300],
        [500, 1500, 2500, 3400],
    ];
    private static readonly double[] BandwidthsHz = [70, 90, 120, 160];

    private readonly RandomStream draw;
    private readonly DemoSpeaker speaker;
    private readonly DemoEmotion emotion;
    private ulong place;

    public DemoVoice(DemoSpeaker speaker, DemoEmotion emotion, RandomStream random) =>
        (this.speaker, this.emotion, this.draw) = (speaker, emotion, random);

    /// <summary>[samples] at 16 kHz, within ±.95.</summary>
    public float[] Speak()
    {
        var syllables = 5 + (int)(3 * Next());
        var secondsOfSyllable = 0.24 / (speaker.RateRatio * Towards(emotion.RateRatio)) * (0.9 + (0.2 * Next()));
        var gap = secondsOfSyllable * 0.22;
        var samples = new double[(int)((syllables * (secondsOfSyllable + gap) + 0.1) * Rate)];
        var (pitch, amplitude) = (new double[samples.Length], new double[samples.Length]);
        var formants = new double[samples.Length][];
        Plan(syllables, secondsOfSyllable, gap, pitch, amplitude, formants);
        Excite(samples, pitch, amplitude);
        Resonate(samples, formants);
        return Finish(samples);
    }

    // An expressive speaker shows more of an emotion; every clip a little more or less.
    private double Towards(double ratio) => Math.Pow(ratio, speaker.Expressiveness * (0.75 + (0.5 * Next())));

    private double Next() => draw.UniformDouble(place++);

    private double Bell() => (Next() + Next() + Next() - 1.5) * 2; // about normal, deviation 1

    private void Plan(
        int syllables,
        double seconds,
        double gap,
        double[] pitch,
        double[] amplitude,
        double[][] formants
    )
    {
        var mean = speaker.PitchHz * Towards(emotion.PitchRatio) * (1 + (0.04 * Bell()));
        var range = emotion.RangeSemitones * speaker.Expressiveness;
        var (vowel, next) = (Vowels[(int)(Vowels.Length * Next())], Vowels[(int)(Vowels.Length * Next())]);
        var at = (int)(0.05 * Rate);
        for (var s = 0; s < syllables; s++)
        {
            var (count, peak, stress) = ((int)(seconds * Rate), range * Bell(), 0.75 + (0.5 * Next()));
            for (var i = 0; i < count && at + i < pitch.Length; i++)
            {
                var probability = (double)i / count;
                var through = (s + probability) / syllables;
                pitch[at + i] =
                    mean
                    * Math.Pow(
                        2,
                        ((peak * Math.Sin(Math.PI * probability)) + (emotion.FallSemitones * (0.5 - through))) / 12
                    );
                amplitude[at + i] = stress * Math.Pow(Math.Sin(Math.PI * Math.Clamp(probability, 0.001, 0.999)), 0.5);
                formants[at + i] =
                [
                    .. vowel.Zip(next, (from, to) => (from + ((to - from) * probability)) / speaker.TractRatio),
                ];
            }
            at += count + (int)(gap * Rate);
            (vowel, next) = (next, Vowels[(int)(Vowels.Length * Next())]);
        }
    }

    private void Excite(double[] samples, double[] pitch, double[] amplitude)
    {
        var noise = new float[samples.Length];
        draw.ForStream(RandomStreamId.Demo, 1).FillNormal(noise);
        // The tilt as a low-pass of one pole: the lower its corner, the more the highs fall.
        var corner =
            1
            - Math.Exp(-2 * Math.PI * 2200 * Math.Pow(2, (emotion.TiltDecibels + 9 + speaker.TiltDecibels) / 4) / Rate);
        var (phase, jitter, before, tilted) = (0.0, 1.0, 0.0, 0.0);
        for (var i = 0; i < samples.Length; i++)
        {
            if (pitch[i] == 0)
                continue;
            phase += pitch[i] * jitter / Rate;
            if (phase >= 1)
            {
                phase -= 1;
                jitter = 1 + (emotion.JitterShare * Bell());
            }
            var flow =
                phase < OpenShare
                    ? 0.5
                        * (1 - Math.Cos(Math.PI * Math.Min(1, phase / (0.66 * OpenShare))))
                        * (phase < 0.66 * OpenShare ? 1 : Math.Cos(Math.PI / 2 * ((phase / OpenShare) - 0.66) / 0.34))
                    : 0;
            var pulse = flow - before; // the lips radiate the flow's change
            before = flow;
            tilted += corner * ((pulse * 12) + (emotion.BreathShare * noise[i]) - tilted);
            samples[i] = tilted * amplitude[i];
        }
    }

    private static void Resonate(double[] samples, double[][] formants)
    {
        for (var f = 0; f < BandwidthsHz.Length; f++)
        {
            var (one, two) = (0.0, 0.0);
            var radius = Math.Exp(-Math.PI * BandwidthsHz[f] / Rate);
            var hz = 500.0 + (1000 * f);
            for (var i = 0; i < samples.Length; i++)
            {
                if (formants[i] is not null)
                    hz = formants[i][f];
                var b = 2 * radius * Math.Cos(2 * Math.PI * hz / Rate);
                var y = ((1 - b + (radius * radius)) * samples[i]) + (b * one) - (radius * radius * two);
                (two, one) = (one, y);
                samples[i] = y;
            }
        }
    }

    // A level for the speaker and the emotion, a little room noise, and nothing beyond full scale.
    private float[] Finish(double[] samples)
    {
        var effective = Math.Sqrt(samples.Sum(sample => sample * sample) / samples.Length);
        var wanted =
            0.05
            * Math.Pow(
                10,
                ((emotion.LevelDecibels * speaker.Expressiveness) + speaker.LevelDecibels + (1.5 * Bell())) / 20
            );
        var noise = new float[samples.Length];
        draw.ForStream(RandomStreamId.Demo, 2).FillNormal(noise);
        var gain = wanted / Math.Max(effective, 1e-9);
        var loudest = samples.Max(Math.Abs) * gain;
        if (loudest > 0.9)
            gain *= 0.9 / loudest;
        return
        [
            .. samples.Select((sample, i) => (float)Math.Clamp((sample * gain) + (0.0008 * noise[i]), -0.95, 0.95)),
        ];
    }
}
