using System.Diagnostics;
using AttnCrnn.Audio;
using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.Formats.Wav;
using AttnCrnn.IO;
using AttnCrnn.Models;

namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>Several independent processes that fill one store.</summary>
public sealed class ShardedExtractTests : IDisposable
{
    private const int Clips = 61;

    private readonly TempFolder folder = new();

    public ShardedExtractTests()
    {
        for (var clip = 0; clip < Clips; clip++)
        {
            var index = clip;
            float[] tone =
            [
                .. Enumerable
                    .Range(0, 4000 + (200 * index))
                    .Select(t => 0.3f * MathF.Sin(t * (0.03f + (0.001f * index)))),
            ];
            Directory.CreateDirectory(Path.Combine(Recordings, index % 2 == 0 ? "calm" : "sad"));
            WavWriter.Write(
                Path.Combine(Recordings, index % 2 == 0 ? "calm" : "sad", $"clip{index:00}.wav"),
                tone,
                16_000
            );
        }
    }

    private string Recordings => folder.PathOf("recordings");

    private string Store => folder.PathOf("store");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Concurrent_pods_neither_lose_nor_duplicate_clips()
    {
        var results = BuiltProgram.WaitForExit([
            .. Enumerable
                .Range(0, 4)
                .Select(pod => Extract([$"JOB_COMPLETION_INDEX={pod}"], "--shard", "auto", "--shards", "4")),
        ]);
        Assert.All(results, pod => Assert.True(pod.Code == 0, pod.Error));
        Assert.Contains("shard 3 of 4", results[2].Error, StringComparison.Ordinal);
        Assert.Equal([16, 15, 15, 15], results.Select(pod => int.Parse(pod.Output.Split(' ')[0])));
        Assert.Equal(Clips, Lines());
        AssertComplete();
    }

    [Fact]
    public void A_clip_extracted_by_two_runs_at_once_is_stored_once()
    {
        // A pod that was given up while it still runs, its successor, and a process without a shard.
        Process[] processes =
        [
            Extract([], "--shard", "1/2"),
            Extract([], "--shard", "1/2"),
            Extract([], "--shard", "2/2"),
            Extract([]),
        ];
        Assert.All(BuiltProgram.WaitForExit(processes), run => Assert.True(run.Code == 0, run.Error));
        AssertComplete();
    }

    [Fact]
    [Requires("unix")]
    public void Killed_and_restarted_shards_lose_nothing()
    {
        var random = new Random(7);
        for (var round = 0; round < 6; round++)
        {
            Process[] shards = [Extract([], "--shard", "1/2"), Extract([], "--shard", "2/2")];
            // The moments are arbitrary on purpose: a condition to wait for would choose the same ones each time. The
            // store must not depend on them, whether they come before, during or after the extraction.
            Thread.Sleep(random.Next(150, 450));
            foreach (var process in shards)
            {
                process.Kill();
                process.WaitForExit();
                process.Dispose();
            }
        }
        Assert.All(BuiltProgram.WaitForExit(Extract([], "--shard", "1/2"), Extract([], "--shard", "2/2")), run =>
            Assert.True(run.Code == 0, run.Error)
        );
        AssertComplete();
        Assert.StartsWith(
            "0 clips extracted, 61 already stored",
            BuiltProgram.WaitForExit(Extract([]))[0].Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_first_of_several_runs_decides_a_stores_frames()
    {
        string[] precisions = ["float16", "float32", "float16", "float32"];
        var results = BuiltProgram.WaitForExit([
            .. precisions.Select(precision => Extract([], "--store_precision", precision)),
        ]);
        var storedPrecision = StoreJson.Read(Store).Precision == StorePrecision.Float16 ? "float16" : "float32";
        foreach (var (precision, (code, _, error)) in precisions.Zip(results))
            Assert.True(
                code == (precision == storedPrecision ? 0 : 3),
                $"{precision} ended with {code}, the store has {storedPrecision}: {error}"
            );
        AssertComplete();
    }

    [Fact]
    public void An_invalid_shard_is_a_usage_error()
    {
        var results = BuiltProgram.WaitForExit(
            Extract([], "--shard", "5/4"),
            Extract([], "--shard", "auto"),
            Extract([], "--shard", "auto", "--threads", "0"),
            Extract(["JOB_COMPLETION_INDEX=1"], "--shard", "auto")
        );
        Assert.All(results, run => Assert.Equal(2, run.Code));
        Assert.Contains("not an array job", results[1].Error, StringComparison.Ordinal);
        Assert.Contains("--threads 0", results[2].Error, StringComparison.Ordinal);
        Assert.Contains("use --shards N", results[3].Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_is_exported_as_npz_that_read_back_as_the_same_frames()
    {
        Assert.Equal(0, BuiltProgram.WaitForExit(Extract([]))[0].Code);
        var export = BuiltProgram.WaitForExit(BuiltProgram.Start(folder.Path, [], "export", "store/", "--to", "npz"))[
            0
        ];
        Assert.True(
            export.Code == 0 && export.Output.Contains("61 clips written", StringComparison.Ordinal),
            export.Error + export.Output
        );
        using var store = FeatureStore.Open([Store]);
        using var files = FeatureStore.Open([Store + "_npz"]);
        Assert.Equal(
            store.Clips.Select(clip => (clip.Path, clip.Label, clip.Frames)),
            files.Clips.Select(clip => (clip.Path, clip.Label, clip.Frames))
        );
        Assert.All(Enumerable.Range(0, Clips), index =>
            Assert.Equal(FeatureStoreBuilder.ReadFrames(store, index), FeatureStoreBuilder.ReadFrames(files, index))
        );
    }

    [Fact]
    public void Training_on_an_export_gives_the_weights_of_training_on_the_store()
    {
        Assert.Equal(0, BuiltProgram.WaitForExit(Extract([]))[0].Code);
        Assert.Equal(
            0,
            BuiltProgram
                .WaitForExit(BuiltProgram.Start(folder.Path, [], "export", "store", "--to", "npz", "--out", "files"))[0]
                .Code
        );
        float[][] weights =
        [
            .. ((string[])["store", "files"]).Select(data =>
            {
                var run = BuiltProgram.WaitForExit(
                    BuiltProgram.Start(
                        folder.Path,
                        [],
                        "train",
                        "--data_dirs",
                        data,
                        "--workdir",
                        $"on_{data}",
                        "--epochs",
                        "1",
                        "--seed",
                        "3"
                    )
                )[0];
                Assert.True(run.Code == 0, run.Error);
                var model = Directory
                    .GetFiles(folder.PathOf($"on_{data}"), "final_attn_crnn_model*", SearchOption.AllDirectories)
                    .Single();
                return ModelFile.Read(model).Tensors.SelectMany(tensor => tensor.Values).ToArray();
            }),
        ];
        Assert.Equal(weights[0], weights[1]);
    }

    private int Lines() => Directory.GetFiles(Store, "part-*.csv").Sum(path => CsvTable.Read(path).Rows.Count);

    // Every clip once, with exactly the encoder's frames, and no partial files.
    private void AssertComplete()
    {
        using var encoder = new LogMelEncoder();
        using var store = FeatureStore.Open([Store]);
        Assert.Equal(
            Directory.GetFiles(Recordings, "*.wav", SearchOption.AllDirectories).Order(StringComparer.Ordinal),
            store.Clips.Select(clip => clip.Path)
        );
        Assert.Empty(store.InvalidClips);
        var exact = StoreJson.Read(Store).Precision == StorePrecision.Float32;
        for (var index = 0; index < Clips; index++)
        {
            var expected = encoder.Encode(AudioReader.Read(store.Clips[index].Path).Samples).Values;
            Assert.Equal(
                exact ? expected : [.. expected.Select(value => (float)(Half)value)],
                FeatureStoreBuilder.ReadFrames(store, index)
            );
        }
    }

    private Process Extract(IReadOnlyList<string> variables, params string[] flags) =>
        BuiltProgram.Start(
            folder.Path,
            variables,
            ["extract", "recordings", "--encoder", "log-mel", "--out", "store", .. flags]
        );
}
