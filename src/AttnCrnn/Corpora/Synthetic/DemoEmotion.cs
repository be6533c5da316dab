namespace AttnCrnn.Corpora.Synthetic;

/// <summary>Changes of a voice in an emotion, relative to the speaker's neutral voice.</summary>
/// <param name="PitchRatio">Ratio of the mean pitch.</param>
/// <param name="RangeSemitones">Range of the pitch about its mean.</param>
/// <param name="FallSemitones">Fall of the pitch from the start of the clip to its end.</param>
/// <param name="LevelDecibels">Change of level.</param>
/// <param name="RateRatio">Ratio of the speaking rate, in syllables per second.</param>
/// <param name="JitterFraction">Random change of the period between pulses, as a fraction.</param>
/// <param name="TiltDecibels">
/// Spectral tilt of the source above 1 kHz, per octave; flatter for a pressed voice, steeper for a lax voice.
/// </param>
/// <param name="BreathFraction">Level of breath noise relative to the pulses.</param>
/// <remarks>
/// Directions after Scherer 2003 ("Vocal communication of emotion", table 2), Banse and Scherer 1996 and Juslin and
/// Laukka 2003: anger loud, fast, high and wide, with much energy at high frequencies; fear high and fast with little
/// range; happiness high, wide and loud; sadness low, slow, soft, narrow and lax; disgust low, slow, falling. The
/// magnitudes are our choice, so that the classes overlap as in real speech.
/// </remarks>
internal sealed record DemoEmotion(
    string Label,
    double PitchRatio,
    double RangeSemitones,
    double FallSemitones,
    double LevelDecibels,
    double RateRatio,
    double JitterFraction,
    double TiltDecibels,
    double BreathFraction
)
{
    public static IReadOnlyList<DemoEmotion> All { get; } =
    [
        new("angry", 1.30, 3.6, 3.0, 7, 1.15, 0.016, -5, 0.03),
        new("disgust", 0.93, 1.8, 4.0, -1, 0.80, 0.022, -9, 0.06),
        new("fearful", 1.45, 1.4, 0.5, 1, 1.30, 0.020, -8, 0.10),
        new("happy", 1.35, 4.4, 1.0, 5, 1.10, 0.010, -7, 0.03),
        new("neutral", 1.00, 1.8, 2.0, 0, 1.00, 0.008, -9, 0.03),
        new("sad", 0.90, 1.0, 2.5, -6, 0.72, 0.014, -13, 0.08),
    ];
}
