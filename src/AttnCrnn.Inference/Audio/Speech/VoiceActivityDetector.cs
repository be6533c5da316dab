namespace AttnCrnn.Audio.Speech;

/// <summary>
/// Finds speech in recordings with Silero VAD, which is inside the library: nothing is downloaded. Thread-safe; one
/// thread per call. The first call reads the weights, which the process keeps.
/// </summary>
/// <example>
/// <code>
/// var waveform = AudioReader.Read("call.wav");
/// foreach (var speech in VoiceActivityDetector.FindSpeech(waveform.Samples))
///     Console.WriteLine($"{speech.StartSeconds} to {speech.EndSeconds} s");
/// </code>
/// </example>
public static class VoiceActivityDetector
{
    /// <summary>
    /// Reads the weights, which the first call does otherwise; in parallel with other work, it costs no time.
    /// </summary>
    public static void Open() => SileroNetwork.Open();

    /// <summary>The probability of speech in every 32 ms.</summary>
    /// <param name="samples">[samples], 16 kHz mono, finite, full scale ±1.</param>
    /// <returns>[chunks] of 512 samples; the last one is padded with zeros. Empty for no samples.</returns>
    public static float[] ComputeProbabilities(ReadOnlySpan<float> samples) => SileroNetwork.Run(samples);

    /// <summary>
    /// The stretches of speech, as the authors of Silero VAD make them: speech begins at a probability of 0.5 and ends
    /// where it has been below 0.35 for 100 ms; stretches of up to 250 ms are dropped (in less than 500 ms of audio, of
    /// up to half of it); 30 ms are added on each side.
    /// </summary>
    /// <param name="samples">[samples], 16 kHz mono, finite, full scale ±1.</param>
    /// <returns>In order, without overlap; empty: no speech.</returns>
    public static IReadOnlyList<SpeechSegment> FindSpeech(ReadOnlySpan<float> samples) =>
        SpeechSegments.Find(ComputeProbabilities(samples), samples.Length);
}
