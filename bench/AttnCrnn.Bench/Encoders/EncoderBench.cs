using System.Diagnostics;
using System.Text.Json.Nodes;
using AttnCrnn.Encoders.Transformers;

namespace AttnCrnn.Bench.Encoders;

/// <summary>
/// Measures any encoder as extract runs it: real-time factors (seconds of computation per second of speech) of one
/// clip on all threads, of clips side by side with one thread each, up to layer 7, and with int8, whose frames are
/// compared with those of float32.
/// </summary>
internal static class EncoderBench
{
    /// <summary>The command that measures one checkpoint.</summary>
    public const string Command = "encoder";

    private const int Rounds = 5;
    private const int Layer = 7;

    /// <summary>Measures a checkpoint of each family in a process of its own, and prints one line per family.</summary>
    public static void RunFamilies(int threads, double seconds)
    {
        foreach (var family in BaseCheckpoints.All.Keys)
        {
            var folder = Directory.CreateTempSubdirectory("attn-crnn-family-");
            try
            {
                var checkpoint = Path.Combine(folder.FullName, family);
                BaseCheckpoints.WriteInProcess(family, checkpoint);
                using var process = Process.Start(
                    Environment.ProcessPath!,
                    [Command, "--checkpoint", checkpoint, "--threads", $"{threads}", "--seconds", $"{seconds}"]
                );
                process.WaitForExit();
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }
    }

    /// <summary>Measures a checkpoint.</summary>
    public static JsonObject Run(string checkpoint, int threads, double seconds)
    {
        float[][] waveforms =
        [
            .. Enumerable.Range(0, threads).Select(i => ExtractBench.CreateWaveform(seconds, (uint)i)),
        ];
        var metrics = new JsonObject
        {
            ["bench"] = Command,
            ["checkpoint"] = Path.GetFileName(checkpoint),
            ["threads"] = threads,
            ["seconds"] = seconds,
        };
        var float32 = new SpeechOptions("last") { Threads = threads };
        metrics["rtf"] = Measure(checkpoint, float32, 1, encoder => encoder.Encode(waveforms[0]), seconds);
        metrics["peak_rss_mb"] = Math.Round(Memory.PeakResidentMb, 1);
        metrics["rtf_parallel"] = Measure(
            checkpoint,
            new("last"),
            waveforms.Length,
            encoder =>
                Parallel.ForEach(waveforms, new ParallelOptions { MaxDegreeOfParallelism = threads }, waveform =>
                    encoder.Encode(waveform)
                ),
            seconds
        );
        metrics["rtf_layer7"] = Measure(
            checkpoint,
            float32 with
            {
                Layers = $"{Layer}",
            },
            1,
            encoder => encoder.Encode(waveforms[0]),
            seconds
        );
        var int8 = float32 with { Precision = SpeechPrecision.Int8 };
        metrics["rtf_int8"] = Measure(checkpoint, int8, 1, encoder => encoder.Encode(waveforms[0]), seconds);
        metrics["int8_error"] = ComputeInt8Error(checkpoint, float32, int8, waveforms);
        return metrics;
    }

    private static double Measure(
        string checkpoint,
        SpeechOptions options,
        int clips,
        Action<SpeechEncoder> work,
        double seconds
    )
    {
        using var encoder = new SpeechEncoder(checkpoint, "bench", null, options);
        return Math.Round(Timing.MeasureMinimum(Rounds, () => work(encoder)) / clips / seconds, 4);
    }

    private static double ComputeInt8Error(
        string checkpoint,
        SpeechOptions float32,
        SpeechOptions int8,
        float[][] waveforms
    )
    {
        using var exact = new SpeechEncoder(checkpoint, "bench", null, float32);
        using var quantized = new SpeechEncoder(checkpoint, "bench", null, int8);
        return Math.Round(Int8Error.ComputeRelativeRms(exact, quantized, waveforms), 4);
    }
}
