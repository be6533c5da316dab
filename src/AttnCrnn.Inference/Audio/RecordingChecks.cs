using System.Numerics.Tensors;
using AttnCrnn.Audio.Speech;
using AttnCrnn.Formats;

namespace AttnCrnn.Audio;

/// <summary>
/// What makes the prediction of a recording doubtful. <c>corpus</c>, <c>extract</c> and <c>predict</c> check recordings
/// here alone.
/// </summary>
public static class RecordingChecks
{
    /// <summary>
    /// Recordings that are shorter have a warning: a syllable takes 0.2 s, and the clips of the corpora of
    /// docs/corpora.md have at least a word.
    /// </summary>
    public const double MinSeconds = 0.5;

    /// <summary>
    /// Recordings that are longer have a warning, if they are predicted as a whole: the clips of the corpora of
    /// docs/corpora.md have one emotion and up to 35 s, and in a minute it may change.
    /// </summary>
    public const double MaxSeconds = 60;

    private const double ClippedFraction = 0.001;
    private const float FullScale = 0.9999f;
    private const double MaxOffset = 0.01; // -40 dB of full scale; the mean of speech is 10 times smaller

    // Peak to peak: 6 steps of 16 bits, so that silence stays silent with dither or through a lossy codec.
    private const float SilentRange = 2e-4f;

    /// <summary>The warnings about a recording: those of its decoder, and about sound, length and speech.</summary>
    /// <param name="detectsSpeech">Whether to look for speech: about 2 ms per second.</param>
    public static IReadOnlyList<RecordingWarning> Check(Waveform waveform, bool detectsSpeech = true)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        return
        [
            .. waveform.Warnings,
            .. CheckSound(waveform.Samples, waveform.Warnings),
            .. CheckLength(waveform.Seconds),
            .. detectsSpeech ? CheckSpeech(VoiceActivityDetector.FindSpeech(waveform.Samples)) : [],
        ];
    }

    /// <summary>The warnings about a window of a recording, whose length the caller has chosen.</summary>
    /// <param name="samples">[samples], 16 kHz mono, finite, full scale ±1.</param>
    /// <param name="found">The warnings of its decoder.</param>
    internal static IReadOnlyList<RecordingWarning> CheckWindow(
        ReadOnlySpan<float> samples,
        IReadOnlyList<RecordingWarning> found,
        bool detectsSpeech
    ) =>
        [.. CheckSound(samples, found), .. detectsSpeech ? CheckSpeech(VoiceActivityDetector.FindSpeech(samples)) : []];

    /// <summary>The warnings about a clip of a corpus, whose length is compared with that of the others.</summary>
    /// <param name="speech">The stretches of speech; null: not looked for.</param>
    internal static IEnumerable<RecordingWarning> CheckClip(Waveform waveform, IReadOnlyList<SpeechSegment>? speech) =>
        [
            .. waveform.Warnings,
            .. CheckSound(waveform.Samples, waveform.Warnings),
            .. waveform.Seconds < MinSeconds ? CheckLength(waveform.Seconds) : [],
            .. CheckOffset(waveform.Samples),
            .. CheckBandwidth(waveform.Bandwidth),
            .. speech is null ? [] : CheckSpeech(speech),
        ];

    /// <summary>Whether there is sound, and not too much of it.</summary>
    /// <param name="samples">[samples], full scale ±1.</param>
    /// <param name="found">The warnings of its decoder, which may know why there is no sound.</param>
    internal static IEnumerable<RecordingWarning> CheckSound(
        ReadOnlySpan<float> samples,
        IReadOnlyList<RecordingWarning> found
    )
    {
        if (samples.IsEmpty || found.Any(warning => warning.Name == RecordingWarning.Silent))
            return [];
        var max = TensorPrimitives.Max(samples);
        var min = TensorPrimitives.Min(samples);
        var range = max - min;
        if (range == 0)
            return [new(RecordingWarning.Silent, "silent: all samples are equal")];
        if (range < SilentRange)
            return
            [
                new(RecordingWarning.Silent, $"silent: its samples differ by {range:0.00000} of full scale at most"),
            ];
        if (max < FullScale && min > -FullScale)
            return [];
        var clipped = 0;
        foreach (var sample in samples)
            if (Math.Abs(sample) >= FullScale)
                clipped++;
        return clipped > ClippedFraction * samples.Length
            ?
            [
                new(
                    RecordingWarning.Clipped,
                    $"clipped: {100.0 * clipped / samples.Length:0.0}% of its samples are at full scale"
                ),
            ]
            : [];
    }

    // Of a clip of a corpus: a model learns the microphone from it. Silence has its own warning.
    private static IEnumerable<RecordingWarning> CheckOffset(ReadOnlySpan<float> samples)
    {
        if (samples.IsEmpty)
            return [];
        var mean = TensorPrimitives.Sum(samples) / samples.Length;
        return
            Math.Abs(mean) > MaxOffset && TensorPrimitives.Max(samples) - TensorPrimitives.Min(samples) >= SilentRange
            ? [new(RecordingWarning.DcOffset, $"DC offset: the mean of its samples is {mean:0.000} of full scale")]
            : [];
    }

    private static IEnumerable<RecordingWarning> CheckBandwidth(Bandwidth? bandwidth) =>
        bandwidth is { IsLow: true } low
            ?
            [
                new(
                    RecordingWarning.LowBandwidth,
                    $"low bandwidth: its energy ends at {low.EffectiveHz / 1000.0:0.0} kHz, where its sample rate of "
                        + $"{low.SampleRateHz} Hz has up to {low.SampleRateHz / 2000.0:0.0} kHz"
                ),
            ]
            : [];

    /// <summary>Whether a recording that is predicted as a whole is long enough, and not too long.</summary>
    internal static IEnumerable<RecordingWarning> CheckLength(double seconds) =>
        seconds < MinSeconds
            ? [new(RecordingWarning.TooShort, $"too short: {seconds:0.###} s, expected at least {MinSeconds} s")]
        : seconds > MaxSeconds
            ? [new(RecordingWarning.VeryLong, $"very long: {seconds:0.#} s, expected at most {MaxSeconds} s")]
        : [];

    /// <summary>Whether there is speech.</summary>
    internal static IEnumerable<RecordingWarning> CheckSpeech(IReadOnlyList<SpeechSegment> speech) =>
        speech.Count == 0 ? [new(RecordingWarning.NoSpeech, "no speech was found in it")] : [];
}
