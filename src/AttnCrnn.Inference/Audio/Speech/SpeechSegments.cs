namespace AttnCrnn.Audio.Speech;

/// <summary>
/// The stretches of speech from probabilities, as get_speech_timestamps of silero-vad 6.2.3 makes them with its
/// defaults.
/// </summary>
internal static class SpeechSegments
{
    private const float StartProbability = 0.5f; // speech begins
    private const float EndProbability = 0.35f; // below it, speech may end
    private const int MinSilenceSamples = Waveform.SampleRateHz / 10;
    private const int MinSpeechSamples = Waveform.SampleRateHz / 4;
    private const int PaddingSamples = Waveform.SampleRateHz * 30 / 1000;

    /// <summary>Finds the stretches.</summary>
    /// <param name="probabilities">[chunks].</param>
    /// <param name="samples">Number of samples of the recording.</param>
    /// <returns>
    /// In order, without overlap. Stretches of up to 250 ms are dropped; in a recording, or a window of one, that is
    /// shorter than 500 ms, of up to half of it.
    /// </returns>
    public static IReadOnlyList<SpeechSegment> Find(ReadOnlySpan<float> probabilities, int samples)
    {
        var minSamples = Math.Min(MinSpeechSamples, samples / 2);
        List<(int Start, int End)> stretches = [];
        int? start = null;
        int? end = null; // from where speech may have ended
        for (var chunk = 0; chunk < probabilities.Length; chunk++)
        {
            var position = chunk * SileroEncoder.ChunkSamples;
            if (probabilities[chunk] >= StartProbability)
            {
                start ??= position;
                end = null;
            }
            else if (probabilities[chunk] < EndProbability && start is { } begin)
            {
                end ??= position;
                if (position - end.Value < MinSilenceSamples)
                    continue;
                AddIfLong(begin, end.Value);
                start = end = null;
            }
        }
        if (start is { } last)
            AddIfLong(last, samples);
        return Pad(stretches, samples);

        void AddIfLong(int first, int stop)
        {
            if (stop - first > minSamples)
                stretches.Add((first, stop));
        }
    }

    // 30 ms on each side; where less than 60 ms are between two stretches, half of them for each.
    private static SpeechSegment[] Pad(List<(int Start, int End)> stretches, int samples)
    {
        var segments = new SpeechSegment[stretches.Count];
        for (var i = 0; i < segments.Length; i++)
        {
            var leading = i == 0 ? Math.Min(PaddingSamples, stretches[0].Start) : GetPadding(i - 1);
            var trailing =
                i == segments.Length - 1 ? Math.Min(PaddingSamples, samples - stretches[i].End) : GetPadding(i);
            segments[i] = new(ToSeconds(stretches[i].Start - leading), ToSeconds(stretches[i].End + trailing));
        }
        return segments;

        int GetPadding(int left) => Math.Min(PaddingSamples, (stretches[left + 1].Start - stretches[left].End) / 2);
    }

    private static double ToSeconds(int sample) => (double)sample / Waveform.SampleRateHz;
}
