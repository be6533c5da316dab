using System.Text.Json.Nodes;
using AttnCrnn.Audio;
using AttnCrnn.Corpora;
using AttnCrnn.Encoders;
using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Encoders.Transformers.Whisper;
using AttnCrnn.Features;
using AttnCrnn.Formats.Checkpoints;
using AttnCrnn.Onnx;

namespace AttnCrnn.Bench;

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
        var samples = ExtractBench.Waveform(seconds, 0);
        var metrics = new JsonObject
        {
            ["bench"] = "whisper",
            ["checkpoint"] = Path.GetFileName(folder),
            ["seconds"] = seconds,
        };
        foreach (var threads in (int[])[1, 2])
        {
            using var encoder = Open(folder, new() { Threads = threads });
            using var session = Session(folder, threads);
            var input = Input(folder, samples);
            var (ours, runtime) = Interleaved(() => encoder.Encode(samples), () => session.Run(input));
            metrics[$"encode_ms_{threads}"] = Milliseconds(ours);
            metrics[$"ort_ms_{threads}"] = Milliseconds(runtime);
        }
        metrics["open_ms"] = Milliseconds(Timing.Best(5, () => Open(folder, new()).Dispose()));
        using (var padded = Open(folder, new() { Context = WhisperContext.Padded }))
        using (var clip = Open(folder, new()))
        {
            var (clipLength, window) = Interleaved(() => clip.Encode(samples), () => padded.Encode(samples));
            metrics["clip_ms"] = Milliseconds(clipLength);
            metrics["padded_ms"] = Milliseconds(window);
            metrics["clip_of_padded"] = Math.Round(clipLength / window, 3);
        }
        using (var int8 = Open(folder, new() { Precision = SpeechPrecision.Int8 }))
        using (var exact = Open(folder, new()))
        {
            metrics["int8_ms"] = Milliseconds(Timing.Best(Rounds, () => int8.Encode(samples)));
            metrics["int8_relative_rms"] = Math.Round(
                Int8Error.ComputeRelativeRms(exact, int8, Waveforms(recordings, samples)),
                4
            );
        }
        if (recordings is not null)
            MeasureExtraction(metrics, folder, recordings);
        metrics["peak_rss_mb"] = Math.Round(Memory.PeakResidentMb, 1);
        metrics["gemm_gflops"] = Math.Round(Gemm.PeakGflops(Environment.ProcessorCount), 1);
        return metrics;
    }

    private static SpeechEncoder Open(string folder, SpeechOptions options) => new(folder, "bench", null, options);

    // The network up to the encoder's default layer, without preprocessing.
    private static OnnxSession Session(string folder, int threads)
    {
        var network = SpeechFamilies.Read(folder, new());
        using var files = CheckpointFiles.Open(folder);
        var graph = new GraphBuilder("whisper");
        var weights = new SpeechWeights(files, graph, WeightsLocation.MemoryMapped, network.RequiredTensor);
        var layers = LayerSelection.Parse(network.DefaultLayers, network.Layers);
        var states = network.AddHiddenStates(
            graph,
            weights,
            layers,
            quantizeInt8: false,
            network.CreateInput(graph, "input")
        );
        graph.Output("frames", states[^1], -1, network.Width);
        return new OnnxSession(graph.ToModel(), threads, weights.Folder ?? folder);
    }

    private static (string Name, float[] Values, int[] Shape) Input(string folder, float[] samples)
    {
        var (values, shape) = SpeechFamilies.Read(folder, new()).CreateInput(samples);
        return ("input", values, shape);
    }

    private static (double First, double Second) Interleaved(Action first, Action second)
    {
        var a = double.MaxValue;
        var b = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var elapsedFirst = Timing.Seconds(first);
            var elapsedSecond = Timing.Seconds(second);
            if (round >= 3)
            {
                a = Math.Min(a, elapsedFirst);
                b = Math.Min(b, elapsedSecond);
            }
        }
        return (a, b);
    }

    private static IEnumerable<float[]> Waveforms(string? recordings, float[] fallback) =>
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
                Input(folder, AudioReader.Read(clip.Path, clip.StartSeconds, clip.EndSeconds, default).Samples)
            )
            .ToArray();
        using var session = Session(folder, 1);
        using var encoder = Open(folder, new());
        var ours = double.MaxValue;
        var runtime = double.MaxValue;
        for (var round = 0; round < ExtractionRounds; round++)
        {
            runtime = Math.Min(
                runtime,
                Timing.Seconds(() => Parallel.ForEach(inputs, parallel, input => session.Run(input)))
            );
            var store = Directory.CreateTempSubdirectory("attn-crnn-whisper-");
            ours = Math.Min(
                ours,
                Timing.Seconds(() =>
                    new FeatureExtractor(encoder, new(store.FullName), TimeProvider.System).Run(
                        corpus.Clips,
                        synthetic: false
                    )
                )
            );
            store.Delete(recursive: true);
        }
        metrics["clips"] = inputs.Length;
        metrics["extract_s"] = Math.Round(ours, 2);
        metrics["ort_s"] = Math.Round(runtime, 2);
        metrics["extract_of_ort"] = Math.Round(ours / runtime, 2);
    }

    private static double Milliseconds(double seconds) => Math.Round(1000 * seconds, 2);
}
