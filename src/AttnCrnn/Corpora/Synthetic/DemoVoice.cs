using AttnCrnn.Audio;
using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Corpora.Synthetic;

/// <summary>
/// Synthesizes a sentence-like sound: glottal pulses (Rosenberg 1971) with jitter, tilt and breath noise, filtered by a
/// cascade of four formant resonators (Klatt 1980) that move from vowel to vowel, with gaps between syllables.
/// </summary>
internal sealed class DemoVoice
{
    private const int Rate = Waveform.SampleRateHz;
    private const double OpenFraction = 0.6; // fraction of a period with open glottis
    private const double OpeningFraction = 0.66; // fraction of the open phase in which the glottis opens
    private const double ClosingFraction = 0.34; // the rest of the open phase

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

    private readonly RandomStream random;
    private readonly DemoSpeaker speaker;
    private readonly DemoEmotion emotion;
    private ulong position;

    public DemoVoice(DemoSpeaker speaker, DemoEmotion emotion, RandomStream random)
    {
        this.speaker = speaker;
        this.emotion = emotion;
        this.random = random;
    }

    /// <summary>[samples] at 16 kHz, within ±0.95.</summary>
    public float[] Synthesize()
    {
        var syllables = 5 + (int)(3 * NextUniform());
        var syllableSeconds =
            0.24 / (speaker.RateRatio * ScaleByExpressiveness(emotion.RateRatio)) * (0.9 + (0.2 * NextUniform()));
        var gap = syllableSeconds * 0.22;
        var samples = new double[(int)((syllables * (syllableSeconds + gap) + 0.1) * Rate)];
        var pitch = new double[samples.Length];
        var amplitude = new double[samples.Length];
        var formants = new double[samples.Length][];
        PlanContours(syllables, syllableSeconds, gap, pitch, amplitude, formants);
        CreateExcitation(samples, pitch, amplitude);
        ApplyFormants(samples, formants);
        return NormalizeLevel(samples);
    }

    // Scales an emotion's ratio by the speaker's expressiveness, with random variation per clip.
    private double ScaleByExpressiveness(double ratio) =>
        Math.Pow(ratio, speaker.Expressiveness * (0.75 + (0.5 * NextUniform())));

    private double NextUniform() => random.SampleUniformDouble(position++);

    private double[] NextVowel() => Vowels[(int)(Vowels.Length * NextUniform())];

    // Approximately standard normal.
    private double NextNormal() => (NextUniform() + NextUniform() + NextUniform() - 1.5) * 2;

    private void PlanContours(
        int syllables,
        double seconds,
        double gap,
        double[] pitch,
        double[] amplitude,
        double[][] formants
    )
    {
        var mean = speaker.PitchHz * ScaleByExpressiveness(emotion.PitchRatio) * (1 + (0.04 * NextNormal()));
        var range = emotion.RangeSemitones * speaker.Expressiveness;
        var vowel = NextVowel();
        var nextVowel = NextVowel();
        var firstSample = (int)(0.05 * Rate);
        for (var s = 0; s < syllables; s++)
        {
            var count = (int)(seconds * Rate);
            var peakSemitones = range * NextNormal();
            var stress = 0.75 + (0.5 * NextUniform());
            for (var i = 0; i < count && firstSample + i < pitch.Length; i++)
            {
                var progress = (double)i / count;
                var utteranceProgress = (s + progress) / syllables;
                var semitones =
                    (peakSemitones * Math.Sin(Math.PI * progress))
                    + (emotion.FallSemitones * (0.5 - utteranceProgress));
                pitch[firstSample + i] = mean * Math.Pow(2, semitones / 12);
                amplitude[firstSample + i] =
                    stress * Math.Pow(Math.Sin(Math.PI * Math.Clamp(progress, 0.001, 0.999)), 0.5);
                formants[firstSample + i] =
                [
                    .. vowel.Zip(nextVowel, (startHz, endHz) =>
                        (startHz + ((endHz - startHz) * progress)) / speaker.TractRatio
                    ),
                ];
            }
            firstSample += count + (int)(gap * Rate);
            vowel = nextVowel;
            nextVowel = NextVowel();
        }
    }

    private void CreateExcitation(double[] samples, double[] pitch, double[] amplitude)
    {
        var noise = new float[samples.Length];
        random.ForStream(RandomStreamId.Demo, 1).FillNormal(noise);
        // Spectral tilt as a one-pole low-pass filter.
        var corner =
            1
            - Math.Exp(-2 * Math.PI * 2200 * Math.Pow(2, (emotion.TiltDecibels + 9 + speaker.TiltDecibels) / 4) / Rate);
        var phase = 0.0;
        var jitter = 1.0;
        var previousFlow = 0.0;
        var tilted = 0.0;
        for (var i = 0; i < samples.Length; i++)
        {
            if (pitch[i] == 0)
                continue;
            phase += pitch[i] * jitter / Rate;
            if (phase >= 1)
            {
                phase -= 1;
                jitter = 1 + (emotion.JitterFraction * NextNormal());
            }
            var flow = ComputeGlottalFlow(phase);
            var pulse = flow - previousFlow; // lip radiation differentiates the flow
            previousFlow = flow;
            tilted += corner * ((pulse * 12) + (emotion.BreathFraction * noise[i]) - tilted);
            samples[i] = tilted * amplitude[i];
        }
    }

    // Rosenberg's trigonometric pulse: half a cosine while the glottis opens, a quarter while it closes.
    private static double ComputeGlottalFlow(double phase)
    {
        const double opened = OpeningFraction * OpenFraction;
        if (phase < opened)
            return 0.5 * (1 - Math.Cos(Math.PI * (phase / opened)));
        if (phase < OpenFraction)
            return Math.Cos(Math.PI / 2 * ((phase / OpenFraction) - OpeningFraction) / ClosingFraction);
        return 0;
    }

    private static void ApplyFormants(double[] samples, double[][] formants)
    {
        for (var f = 0; f < BandwidthsHz.Length; f++)
        {
            var previous = 0.0;
            var beforePrevious = 0.0;
            var radius = Math.Exp(-Math.PI * BandwidthsHz[f] / Rate);
            var hz = 500.0 + (1000 * f);
            for (var i = 0; i < samples.Length; i++)
            {
                if (formants[i] is not null)
                    hz = formants[i][f];
                var b = 2 * radius * Math.Cos(2 * Math.PI * hz / Rate);
                var y =
                    ((1 - b + (radius * radius)) * samples[i]) + (b * previous) - (radius * radius * beforePrevious);
                beforePrevious = previous;
                previous = y;
                samples[i] = y;
            }
        }
    }

    // Sets the level of speaker and emotion, adds room noise and limits the peak.
    private float[] NormalizeLevel(double[] samples)
    {
        var rms = Math.Sqrt(samples.Sum(sample => sample * sample) / samples.Length);
        var targetRms =
            0.05
            * Math.Pow(
                10,
                ((emotion.LevelDecibels * speaker.Expressiveness) + speaker.LevelDecibels + (1.5 * NextNormal())) / 20
            );
        var noise = new float[samples.Length];
        random.ForStream(RandomStreamId.Demo, 2).FillNormal(noise);
        var gain = targetRms / Math.Max(rms, 1e-9);
        var peak = samples.Max(Math.Abs) * gain;
        if (peak > 0.9)
            gain *= 0.9 / peak;
        return
        [
            .. samples.Select((sample, i) => (float)Math.Clamp((sample * gain) + (0.0008 * noise[i]), -0.95, 0.95)),
        ];
    }
}
