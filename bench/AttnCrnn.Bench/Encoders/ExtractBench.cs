using System.Text.Json.Nodes;
using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Bench.Encoders;

/// <summary>
/// Measures the base-size encoder as extract runs it, as real-time factors (seconds of computation per second of
/// speech), alternating with ONNX Runtime on transformers' export of the same network. The latter runs in a child
/// process, so that memory is measured separately.
/// </summary>
internal static class ExtractBench
{
    private const int Rounds = 7;

    public static JsonObject Run(int threads, double seconds, int clips)
    {
        var folder = Directory.CreateTempSubdirectory("attn-crnn-extract-");
        try
        {
            var checkpoint = Path.Combine(folder.FullName, "checkpoint");
            BaseCheckpoints.WriteInProcess("wav2vec2", checkpoint);
            float[][] waveforms =
            [
                .. Enumerable.Range(0, Math.Max(clips, 2 * threads)).Select(i => CreateWaveform(seconds, (uint)i)),
            ];
            var metrics = new JsonObject
            {
                ["bench"] = "extract",
                ["threads"] = threads,
                ["seconds"] = seconds,
                ["batch"] = clips,
            };
            using (var peer = PeerProcess.Start(folder.FullName, threads, seconds, clips))
            using (var encoder = new SpeechEncoder(checkpoint, "bench", null, new("last") { Threads = threads }))
            {
                var minSeconds = double.MaxValue;
                var minPeerSeconds = double.MaxValue;
                for (var round = 0; round <= Rounds; round++) // the first round allocates memory
                {
                    var elapsed = Timing.Measure(() =>
                        Array.ForEach(waveforms[..clips], waveform => encoder.Encode(waveform))
                    );
                    if (round > 0)
                        minSeconds = Math.Min(minSeconds, elapsed);
                    if (peer?.MeasureOnce() is { } peerElapsed && round > 0)
                        minPeerSeconds = Math.Min(minPeerSeconds, peerElapsed);
                }
                metrics["rtf"] = ComputeRealTimeFactor(minSeconds, clips, seconds);
                metrics["ort_rtf"] = peer is null ? null : ComputeRealTimeFactor(minPeerSeconds, clips, seconds);
                metrics["peak_rss_mb"] = Math.Round(Memory.PeakResidentMb, 1);
                metrics["anon_mb"] = Math.Round(Memory.AnonymousMb, 1);
            }
            metrics["rtf_parallel"] = MeasureParallel(checkpoint, waveforms, threads, seconds);
            metrics["rtf_layer7"] = MeasureSequential(
                checkpoint,
                new("7") { Threads = threads },
                waveforms[..clips],
                seconds
            );
            metrics["rtf_int8"] = MeasureSequential(
                checkpoint,
                new("last")
                {
                    Threads = threads,

                    Precision = SpeechPrecision.Int8,
                },
                waveforms[..clips],
                seconds
            );
            var gflops = Gemm.MeasurePeakGflops(threads);
            metrics["gemm_gflops"] = Math.Round(gflops, 1);
            metrics["ideal_rtf"] = Math.Round(
                2e-9 * EncoderWork.CountMultiplyAdds(waveforms[0].Length) / gflops / seconds,
                4
            );
            return metrics;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Seeded, amplitude-modulated noise.</summary>
    public static float[] CreateWaveform(double seconds, uint index)
    {
        var samples = new float[(int)(seconds * Audio.Waveform.SampleRateHz)];
        new RandomStream(3).ForStream(RandomStreamId.Demo, index).FillNormal(samples);
        for (var i = 0; i < samples.Length; i++)
            samples[i] *= 0.1f * (1 + MathF.Sin(i * 0.001f));
        return samples;
    }

    // Clips in parallel, one thread each, on one session.
    private static double MeasureParallel(string checkpoint, float[][] waveforms, int threads, double seconds)
    {
        using var encoder = new SpeechEncoder(checkpoint, "bench", null, new("last"));
        return ComputeRealTimeFactor(
            Timing.MeasureMinimum(Rounds, () =>
                Parallel.ForEach(waveforms, new ParallelOptions { MaxDegreeOfParallelism = threads }, waveform =>
                    encoder.Encode(waveform)
                )
            ),
            waveforms.Length,
            seconds
        );
    }

    private static double MeasureSequential(
        string checkpoint,
        SpeechOptions options,
        float[][] waveforms,
        double seconds
    )
    {
        using var encoder = new SpeechEncoder(checkpoint, "bench", null, options);
        return ComputeRealTimeFactor(
            Timing.MeasureMinimum(Rounds, () => Array.ForEach(waveforms, waveform => encoder.Encode(waveform))),
            waveforms.Length,
            seconds
        );
    }

    private static double ComputeRealTimeFactor(double minSeconds, int clips, double seconds) =>
        Math.Round(minSeconds / clips / seconds, 4);
}
