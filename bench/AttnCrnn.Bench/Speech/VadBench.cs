using System.Text.Json.Nodes;
using AttnCrnn.Audio;
using AttnCrnn.Audio.Speech;
using AttnCrnn.Corpora.Synthetic;
using AttnCrnn.Prediction.Recordings;
using AttnCrnn.Testing;

namespace AttnCrnn.Bench.Speech;

/// <summary>
/// How often speech is found in computed sounds without speech, and in speech, of the demo's voices and in recordings,
/// as it is and in pink noise: in the whole, and in a window of a second. And the time it takes.
/// </summary>
internal static class VadBench
{
    private const int SoundsPerKind = 20;
    private const int WindowSamples = Waveform.SampleRateHz;

    /// <param name="folder">Recordings of speech; null: only what is computed.</param>
    /// <param name="print">Receives one object per kind.</param>
    public static void Run(string? folder, Action<JsonObject> print)
    {
        print(
            new()
            {
                ["bench"] = "vad",
                ["open_ms"] = Math.Round(1000 * Timing.Measure(VoiceActivityDetector.Open), 1),
                ["clip_ms"] = MeasureClip(),
            }
        );
        foreach (var (kind, create) in Sounds.Kinds)
            print(Count(kind, [.. Enumerable.Range(0, SoundsPerKind).Select(create)]));
        CountSpeech("synthetic speech", ReadDemoCorpus(), print);
        if (folder is not null)
            CountSpeech("speech", ReadFolder(folder), print);
    }

    private static void CountSpeech(string kind, float[][] speech, Action<JsonObject> print)
    {
        print(Count(kind, speech));
        foreach (var decibels in (int[])[20, 10, 0])
            print(
                Count($"{kind} in pink noise, {decibels} dB", [.. speech.Select((s, i) => AddNoise(s, decibels, i))])
            );
    }

    // 8 voices, 6 emotions, 6 clips of each.
    private static float[][] ReadDemoCorpus()
    {
        using var folder = new TempFolder();
        DemoCorpus.Generate(folder.Path);
        return ReadFolder(folder.Path);
    }

    private static float[][] ReadFolder(string folder) =>
        [.. PredictionInput.FromFolder(folder).Select(input => AudioReader.Read(input.Path).Samples)];

    // One thread, 3.7 s.
    private static double MeasureClip()
    {
        var sound = Sounds.Pink(0, 0.1f);
        return Math.Round(1000 * Timing.MeasureMinimum(20, () => VoiceActivityDetector.FindSpeech(sound)), 2);
    }

    private static JsonObject Count(string kind, float[][] recordings)
    {
        var found = recordings.AsParallel().Count(HasSpeech);
        var foundInWindows = recordings.AsParallel().Count(recording => HasSpeech(FindLoudestWindow(recording)));
        return new()
        {
            ["kind"] = kind,
            ["recordings"] = recordings.Length,
            ["with_speech"] = found,
            ["windows_with_speech"] = foundInWindows,
        };
    }

    private static bool HasSpeech(float[] samples) => VoiceActivityDetector.FindSpeech(samples).Count > 0;

    // The second with the most energy, which in a recording of speech has speech.
    private static float[] FindLoudestWindow(float[] samples)
    {
        const int hop = WindowSamples / 10;
        var starts = Enumerable
            .Range(0, Math.Max(1, ((samples.Length - WindowSamples) / hop) + 1))
            .Select(i => i * hop);
        var start = starts.MaxBy(first =>
            samples.Skip(first).Take(WindowSamples).Sum(sample => (double)sample * sample)
        );
        return samples[start..Math.Min(samples.Length, start + WindowSamples)];
    }

    // The levels are root mean squares of the whole recording, pauses included.
    private static float[] AddNoise(float[] speech, int decibels, int number)
    {
        var level = MathF.Sqrt(speech.Average(sample => sample * sample)) * MathF.Pow(10, -decibels / 20f);
        var noise = Sounds.Pink(number, level);
        return [.. speech.Select((sample, i) => Math.Clamp(sample + noise[i % noise.Length], -1, 1))];
    }
}
