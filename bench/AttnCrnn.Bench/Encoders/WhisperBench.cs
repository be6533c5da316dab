using System.Text.Json.Nodes;
using AttnCrnn.Audio;
using AttnCrnn.Corpora;
using AttnCrnn.Encoders;
using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Encoders.Transformers.Layouts;
using AttnCrnn.Features;
using AttnCrnn.Formats.Checkpoints;
using AttnCrnn.Onnx;

namespace AttnCrnn.Bench.Encoders;

/// <summary>
/// Measures a Whisper encoder as extract runs it, alternating with ONNX Runtime alone on the same graph and a
/// precomputed log-mel spectrogram: one clip, int8, the padded window, and, if recordings are given, a complete
/// extraction from files to a store.
/// </summary>
internal static class WhisperBench
{
    private const int Rounds = 30;
    private const int ExtractionRounds = 3;

    /// <param name="checkpoint">Checkpoint folder; null: the built-in encoder.</param>
    /// <param name="recordings">A corpus to extract; null: measure one clip only.</param>
    public static JsonObject Run(string? checkpoint, string? recordings, double seconds)
    {
        var folder = checkpoint ?? BuiltInEncoder.Find(EncoderCatalog.Default)!.Folder;
        var samples = ExtractBench.CreateWaveform(seconds, 0);
        var metrics = new JsonObject
        {
            ["bench"] = "whisper",
            ["checkpoint"] = Path.GetFileName(folder),
            ["seconds"] = seconds,
        };
        foreach (var threads in (int[])[1, 2])
        {
            using var encoder = Open(folder, new() { Threads = threads });
            using var session = CreateSession(folder, threads);
            var input = PrepareInput(folder, samples);
            var (encodeSeconds, runtimeSeconds) = MeasureAlternating(
                () => encoder.Encode(samples),
                () => session.Run(input)
            );
            metrics[$"encode_ms_{threads}"] = ToMilliseconds(encodeSeconds);
            metrics[$"ort_ms_{threads}"] = ToMilliseconds(runtimeSeconds);
        }
        metrics["open_ms"] = ToMilliseconds(Timing.MeasureMinimum(5, () => Open(folder, new()).Dispose()));
        using (var padded = Open(folder, new() { Context = EncoderContext.Padded }))
        using (var clip = Open(folder, new()))
        {
            var (clipSeconds, paddedSeconds) = MeasureAlternating(
                () => clip.Encode(samples),
                () => padded.Encode(samples)
            );
            metrics["clip_ms"] = ToMilliseconds(clipSeconds);
            metrics["padded_ms"] = ToMilliseconds(paddedSeconds);
            metrics["clip_of_padded"] = Math.Round(clipSeconds / paddedSeconds, 3);
        }
        using (var int8 = Open(folder, new() { Precision = SpeechPrecision.Int8 }))
        using (var float32 = Open(folder, new()))
        {
            metrics["int8_ms"] = ToMilliseconds(Timing.MeasureMinimum(Rounds, () => int8.Encode(samples)));
            metrics["int8_relative_rms"] = Math.Round(
                Int8Error.ComputeRelativeRms(float32, int8, ReadWaveforms(recordings, samples)),
                4
            );
        }
        if (recordings is not null)
            MeasureExtraction(metrics, folder, recordings);
        metrics["peak_rss_mb"] = Math.Round(Memory.PeakResidentMb, 1);
        metrics["gemm_gflops"] = Math.Round(Gemm.MeasurePeakGflops(Environment.ProcessorCount), 1);
        return metrics;
    }

    private static SpeechEncoder Open(string folder, SpeechOptions options) => new(folder, "bench", null, options);

    // The network up to the encoder's default layer, without preprocessing.
    private static OnnxSession CreateSession(string folder, int threads)
    {
        var network = SpeechCheckpoint.Open(folder).ReadNetwork(new());
        using var files = CheckpointFiles.Open(folder);
        var graph = new GraphBuilder("whisper");
        var weights = new SpeechWeights(
            files,
            graph,
            WeightsLocation.MemoryMapped,
            network.RequiredTensor,
            HuggingFaceLayout.Config
        );
        var layers = LayerSelection.Parse(network.DefaultLayers, network.Layers);
        var states = network.AddHiddenStates(
            graph,
            weights,
            layers,
            quantizeInt8: false,
            network.CreateInput(graph, "input")
        );
        graph.AddOutput("frames", states[^1], -1, network.Width);
        return new OnnxSession(graph.ToModel(), threads, weights.Folder ?? folder);
    }

    private static (string Name, float[] Values, int[] Shape) PrepareInput(string folder, float[] samples)
    {
        var (values, shape) = SpeechCheckpoint.Open(folder).ReadNetwork(new()).CreateInput(samples);
        return ("input", values, shape);
    }

    private static (double First, double Second) MeasureAlternating(Action first, Action second)
    {
        var minFirst = double.MaxValue;
        var minSecond = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var elapsedFirst = Timing.Measure(first);
            var elapsedSecond = Timing.Measure(second);
            if (round >= 3)
            {
                minFirst = Math.Min(minFirst, elapsedFirst);
                minSecond = Math.Min(minSecond, elapsedSecond);
            }
        }
        return (minFirst, minSecond);
    }

    private static IEnumerable<float[]> ReadWaveforms(string? recordings, float[] fallback) =>
        recordings is null
            ? [fallback]
            : CorpusReader
                .Read([recordings])
                .Clips.Take(20)
                .Select(clip => AudioReader.Read(clip.Path, clip.StartSeconds, clip.EndSeconds, default).Samples);

    // Extraction from files to a store, alternating with ONNX Runtime alone on the same clips with equal parallelism.
    private static void MeasureExtraction(JsonObject metrics, string folder, string recordings)
    {
        var corpus = CorpusReader.Read([recordings]);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount };
        var inputs = corpus
            .Clips.Select(clip =>
                PrepareInput(folder, AudioReader.Read(clip.Path, clip.StartSeconds, clip.EndSeconds, default).Samples)
            )
            .ToArray();
        using var session = CreateSession(folder, 1);
        using var encoder = Open(folder, new());
        var extractSeconds = double.MaxValue;
        var runtimeSeconds = double.MaxValue;
        for (var round = 0; round < ExtractionRounds; round++)
        {
            runtimeSeconds = Math.Min(
                runtimeSeconds,
                Timing.Measure(() => Parallel.ForEach(inputs, parallel, input => session.Run(input)))
            );
            var store = Directory.CreateTempSubdirectory("attn-crnn-whisper-");
            extractSeconds = Math.Min(
                extractSeconds,
                Timing.Measure(() =>
                    new FeatureExtractor(encoder, new(store.FullName), TimeProvider.System).Run(
                        corpus.Clips,
                        synthetic: false
                    )
                )
            );
            store.Delete(recursive: true);
        }
        metrics["clips"] = inputs.Length;
        metrics["extract_s"] = Math.Round(extractSeconds, 2);
        metrics["ort_s"] = Math.Round(runtimeSeconds, 2);
        metrics["extract_of_ort"] = Math.Round(extractSeconds / runtimeSeconds, 2);
    }

    private static double ToMilliseconds(double seconds) => Math.Round(1000 * seconds, 2);
}
