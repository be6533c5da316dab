using System.Text.Json.Nodes;
using AttnCrnn.Audio;
using AttnCrnn.Corpora.Auditing;

namespace AttnCrnn.Bench;

/// <summary>Measures what each part of the audit adds to the reading of a recording, on one thread.</summary>
internal static class AuditBench
{
    private const int Rounds = 3; // the fastest of each part is reported

    public static JsonObject Run(string folder)
    {
        var paths = AuditedFolder.ListRecordings(folder);
        Waveform[] waveforms = [.. paths.Select(path => AudioReader.Read(path))];
        var seconds = waveforms.Sum(waveform => waveform.Seconds);
        return new()
        {
            ["bench"] = "audit",
            ["recordings"] = paths.Length,
            ["seconds_of_audio"] = Math.Round(seconds, 1),
            ["read_us_per_s"] = Measure(paths, seconds, path => AudioReader.Read(path)),
            ["read_with_bandwidth_us_per_s"] = Measure(paths, seconds, path =>
                AudioReader.Read(path, new AudioReadOptions { MeasuresBandwidth = true }, default)
            ),
            ["checks_us_per_s"] = Measure(waveforms, seconds, waveform =>
                RecordingChecks.CheckClip(waveform, speech: null).Count()
            ),
            ["fingerprint_us_per_s"] = Measure(waveforms, seconds, waveform =>
                RecordingFingerprint.Compute(waveform.Samples)
            ),
            ["facts_us_per_s"] = Measure(waveforms, seconds, waveform => ClipAudit.Create(waveform, [])),
        };
    }

    // Microseconds of the processor per second of audio; other processes do not count.
    private static double Measure<T, TResult>(T[] inputs, double seconds, Func<T, TResult> function)
    {
        var fastest = TimeSpan.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var start = Environment.CpuUsage.TotalTime;
            foreach (var input in inputs)
                function(input);
            var elapsed = Environment.CpuUsage.TotalTime - start;
            fastest = elapsed < fastest ? elapsed : fastest;
        }
        return Math.Round(fastest.TotalMicroseconds / seconds, 1);
    }
}
