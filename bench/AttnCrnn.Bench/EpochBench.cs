using System.Diagnostics;
using System.Text.Json.Nodes;
using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.Features.Shards;
using AttnCrnn.Numerics.Gemm;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Training;
using AttnCrnn.Training.Batches;

namespace AttnCrnn.Bench;

/// <summary>
/// Times whole training epochs from a store on disk: 960 clips of 768-dimensional frames with the lengths of RAVDESS
/// (185 ± 15, clipped to 146 to 263), with the complete recipe, including reading, augmentation, validation and
/// checkpoints.
/// </summary>
internal static class EpochBench
{
    private const int Clips = 960;
    private const int ValidationClips = 16;
    private const int FeatureDimension = 768;
    private const int Epochs = 3;

    private static readonly string[] Labels = ["angry", "disgust", "fearful", "happy", "neutral", "sad"];

    public static JsonObject Run(int threads)
    {
        var folder = Directory.CreateTempSubdirectory("attn-crnn-epoch-");
        try
        {
            var encoder = new EncoderDescription("bench", "1", "", 50, FeatureDimension, 1);
            WriteStore(Path.Combine(folder.FullName, "store"), encoder);
            using var store = FeatureStore.Open([Path.Combine(folder.FullName, "store")]);
            TrainingClip[] clips =
            [
                .. store.Clips.Select((clip, i) => new TrainingClip(i, Array.IndexOf(Labels, clip.Label))),
            ];
            var options = new TrainingOptions
            {
                Epochs = Epochs,
                Patience = Epochs,
                Threads = threads,
            };
            var job = new TrainingJob(
                new FeatureStoreFrameSource(store),
                clips[ValidationClips..],
                clips[..ValidationClips],
                Labels,
                encoder,
                options,
                Path.Combine(folder.FullName, "run"),
                true,
                [],
                "bench"
            );
            var seconds = new List<double>();
            var epochStart = Stopwatch.GetTimestamp();
            var anonymousMegabytes = 0.0;
            using (var trainer = new Trainer(job, TimeProvider.System))
                trainer.Run(
                    new EpochObserver(() =>
                    {
                        seconds.Add(Stopwatch.GetElapsedTime(epochStart).TotalSeconds);
                        epochStart = Stopwatch.GetTimestamp();
                        anonymousMegabytes = Math.Max(anonymousMegabytes, Memory.AnonymousMb);
                    })
                );
            var minSeconds = seconds.Skip(1).Min(); // the first epoch allocates memory and compiles
            var peakMegabytes = Memory.PeakResidentMb;
            var gflops = Gemm.MeasurePeakGflops(threads);
            return new()
            {
                ["bench"] = "epoch",
                ["threads"] = threads,
                ["clips"] = Clips,
                ["frames"] = store.Clips.Skip(ValidationClips).Sum(clip => clip.Frames),
                ["tile"] = MatrixProduct.TileName,
                ["epoch_s"] = Math.Round(minSeconds, 3),
                ["epochs_s"] = new JsonArray([.. seconds.Select(value => (JsonNode)Math.Round(value, 3))]),
                ["clips_per_s"] = Math.Round(Clips / minSeconds, 1),
                ["clips_per_s_per_gflops"] = Math.Round(Clips / minSeconds / gflops, 3),
                ["gemm_gflops"] = Math.Round(gflops, 1),
                ["peak_rss_mb"] = Math.Round(peakMegabytes, 1),
                ["anon_mb"] = Math.Round(anonymousMegabytes, 1),
            };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void WriteStore(string folder, EncoderDescription encoder)
    {
        Directory.CreateDirectory(folder);
        var options = new ExtractionOptions(folder);
        StoreJson.WriteOrCheck(folder, new(encoder, options.Precision, options.Format));
        var writer = new ShardWriter(options, encoder, TimeProvider.System);
        using var normal = new AlignedBuffer(8);
        for (var clip = 0; clip < Clips + ValidationClips; clip++)
        {
            new RandomStream(1).ForStream(RandomStreamId.Demo, (uint)clip).FillNormal(normal.Span);
            var frames = (int)Math.Clamp(Math.Round(185 + (15 * normal.Span[0])), 146, 263);
            var values = new float[frames * FeatureDimension];
            new RandomStream(2).ForStream(RandomStreamId.Demo, (uint)clip).FillNormal(values);
            var key = $"{clip:x64}";
            var path = $"/clips/{clip:0000}.wav";
            var label = Labels[clip % Labels.Length];
            var entry = new ShardIndexEntry(
                key,
                "",
                path,
                label,
                null,
                null,
                null,
                null,
                frames,
                frames / 50.0,
                0,
                0,
                clip,
                true,
                ""
            );
            writer.Add(entry with { File = writer.Add(entry, new(values, frames, 1, FeatureDimension)) });
        }
        writer.Flush();
    }

    private sealed class EpochObserver(Action callback) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.LastEpoch is not null)
                callback();
        }
    }
}
