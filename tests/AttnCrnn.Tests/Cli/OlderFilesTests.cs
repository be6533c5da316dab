using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using AttnCrnn.Corpora;
using AttnCrnn.Encoders;
using AttnCrnn.Evaluation;
using AttnCrnn.Features;
using AttnCrnn.Formats;
using AttnCrnn.Interop;
using AttnCrnn.Training;

namespace AttnCrnn.Tests.Cli;

/// <summary>Stores, models and runs of an older program go on with the encoder that they name.</summary>
[Requires("unix")]
public sealed class OlderFilesTests : IDisposable
{
    // The networks give the same bits; the temperature goes through exp and log of the C library.
    private const double SameBits = 1e-12;

    // ONNX Runtime's kernels differ between processors in the last bits.
    private const double OtherProcessor = 1e-5;

    private readonly OlderFiles files = new();

    /// <summary>A store, and the flags that it was made with.</summary>
    public static TheoryData<string, string> Stores { get; } = new()
    {
        { "log-mel", "--encoder log-mel" },
        { "wav2vec2", $"--encoder {OlderFiles.Repository}" },
        { "wav2vec2-layers-1-3", $"--encoder {OlderFiles.Repository} --layers 1-3" },
    };

    public void Dispose() => files.Dispose();

    [Theory, MemberData(nameof(Stores))]
    public void Extracting_again_finds_every_clip_in_an_older_store(string store, string flags)
    {
        var before = Files(store);
        var said = files.Done(["extract", "clips/clips.csv", "--out", $"features/{store}", .. flags.Split(' ')]);
        Assert.Contains("0 clips extracted, 24 were there", said, StringComparison.Ordinal);
        Assert.Equal(before, Files(store));
    }

    [Theory, MemberData(nameof(Stores))]
    public void Recordings_that_were_copied_get_no_new_frames(string store, string flags)
    {
        foreach (var clip in Directory.GetFiles(files.In("clips"), "*.wav"))
            File.SetLastWriteTimeUtc(clip, DateTime.UnixEpoch);
        var before = Files(store);
        var said = files.Done(["extract", "clips/clips.csv", "--out", $"features/{store}", .. flags.Split(' ')]);
        Assert.Contains("24 clips extracted, 0 were there", said, StringComparison.Ordinal);
        var added = Files(store).Except(before).ToList();
        // That the recordings have another time, and no frames.
        Assert.Equal(".csv", Path.GetExtension(Assert.Single(added).Name));
    }

    [Theory, MemberData(nameof(Stores))]
    public void A_new_store_has_the_description_the_keys_and_the_frames_of_an_older_one(string store, string flags)
    {
        files.Done(["extract", "clips/clips.csv", "--out", "new", .. flags.Split(' ')]);
        var description = File.ReadAllText(files.In("features", store, StoreDescription.FileName));
        Assert.Equal(description, File.ReadAllText(files.In("new", StoreDescription.FileName)));
        using var older = FeatureStore.Open([files.In("features", store)]);
        using var made = FeatureStore.Open([files.In("new")]);
        Assert.Equal(older.Clips.Select(KeyOf), made.Clips.Select(KeyOf));
        // float16 keeps 11 bits of values below 8.
        var tolerance = store == "log-mel" ? 0 : 1f / 128;
        for (var clip = 0; clip < older.Clips.Count; clip++)
        {
            var pairs = Frames(older, clip).Zip(Frames(made, clip));
            Assert.All(pairs, pair => Assert.Equal(pair.First, pair.Second, tolerance));
        }
        static (string, string) KeyOf(StoredClip clip) => (clip.Path, clip.Key);
    }

    [Theory, MemberData(nameof(Stores))]
    public void The_default_encoder_is_refused_by_name_for_an_older_store(string store, string flags)
    {
        var before = Files(store);
        var (code, _, error) = files.Start("extract", "clips/clips.csv", "--out", $"features/{store}");
        Assert.True(code == 3, error);
        Assert.Contains($"holds frames of {flags.Split(' ')[1]} (revision ", error, StringComparison.Ordinal);
        Assert.Contains($"not of {EncoderCatalog.Default} (revision ", error, StringComparison.Ordinal);
        Assert.Equal(before, Files(store));
    }

    [Theory]
    [InlineData("log-mel")]
    [InlineData("wav2vec2")]
    public void Training_on_an_older_store_has_the_fingerprint_and_the_weights_of_then(string encoder)
    {
        using var store = FeatureStore.Open([files.In("features", encoder)]);
        var options = new TrainingOptions { BatchSize = 8, Epochs = 2, Seed = 3 };
        var run = RunFolders.Create(files.In("new"), "v2", TimeProvider.System);
        new Experiment(store, new(options, LabelRules.None))
            .Train(null, run, [], "test", TimeProvider.System, null, TestContext.Current.CancellationToken);

        var expected = files.Expected[encoder]!["drawn_weights"]!;
        Assert.Equal($"{expected["fingerprint"]}", Fingerprint(run.Checkpoints));
        using var checkpoint = SafetensorsFile.Open(Trainer.CheckpointsIn(run.Checkpoints)[0]);
        var values = new float[checkpoint.Entries["values"].Count];
        checkpoint.Read("values", values);
        var hash = SHA256.HashData(MemoryMarshal.AsBytes(values.AsSpan()));
        Assert.Equal($"{expected["values_sha256"]}", Convert.ToHexStringLower(hash));
    }

    [Theory]
    [InlineData("log-mel", SameBits)]
    [InlineData("wav2vec2", OtherProcessor)]
    public void An_older_model_predicts_with_its_encoder_what_it_predicted(string encoder, double tolerance)
    {
        var (work, run) = files.Run(encoder, "finished");
        var expected = files.Expected[encoder]!["probabilities"]!.AsObject();
        string[] clips = [.. expected.Select(clip => clip.Key)];
        var said = files.Done(["predict", run, .. clips, "--workdir", work, "--json", "--quiet"]);
        var predictions = said.Trim().Split('\n').Select(line => JsonNode.Parse(line)!)
            .ToDictionary(line => $"{line["path"]}", line => line["probabilities"]!);
        Assert.Equal(clips, predictions.Keys);
        foreach (var (clip, probabilities) in expected)
            foreach (var (label, probability) in probabilities!.AsObject())
                Assert.Equal(probability!.GetValue<double>(), predictions[clip][label]!.GetValue<double>(), tolerance);
    }

    [Theory]
    [InlineData("log-mel")]
    [InlineData("wav2vec2")]
    public void An_older_run_is_evaluated_with_the_metrics_it_had(string encoder)
    {
        var (work, run) = files.Run(encoder, "finished");
        var metrics = JsonNode.Parse(files.Done("evaluate", run, "--workdir", work, "--json", "--quiet"))!;
        foreach (var name in (string[])["uar", "log_loss"])
        {
            var expected = files.Expected[encoder]![name]!.GetValue<double>();
            Assert.Equal(expected, metrics[name]!.GetValue<double>(), SameBits);
        }
    }

    [Theory]
    [InlineData("log-mel")]
    [InlineData("wav2vec2")]
    public void An_older_run_that_was_interrupted_goes_on_to_the_bits_of_the_one_that_was_not(string encoder)
    {
        var ((work, run), (wholeWork, whole)) = (files.Run(encoder, "interrupted"), files.Run(encoder, "finished"));
        var (stopped, finished) = (new RunFolders(work, run), new RunFolders(wholeWork, whole));
        Assert.False(Trainer.IsFinished(Path.Combine(stopped.Checkpoints, "resume")));
        files.Done("train", "--resume", run, "--workdir", work, "--quiet");
        foreach (var model in (string[])["best_attn_crnn_model", "final_attn_crnn_model"])
            Assert.Equal(State(finished, model), State(stopped, model));
        Assert.Equal(Fingerprint(finished.Checkpoints), Fingerprint(stopped.Checkpoints));
    }

    [Fact]
    public void A_checkpoint_in_a_folder_has_the_revision_and_the_default_layers_of_then()
    {
        using var encoder = EncoderCatalog.Open(new(Copied()), _ => { });
        Assert.Equal(new(files.In("checkpoint"), "f1faec707e91-1", "4-8", 50, 16, 1), encoder.Description);
    }

    [Fact]
    public void The_request_for_an_older_store_is_its_encoder_at_its_commit()
    {
        using var store = FeatureStore.Open([files.In("features", "wav2vec2")]);
        var request = EncoderRequest.For(store.Description.Encoder);
        Assert.Equal(new(OlderFiles.Repository, "4-8", OlderFiles.Commit), request);
    }

    // In a folder that is not called after a commit, a checkpoint is known by a hash of its files.
    private string Copied()
    {
        Directory.CreateDirectory(files.In("checkpoint"));
        foreach (var file in Directory.GetFiles(files.Checkpoint))
            File.Copy(file, files.In("checkpoint", Path.GetFileName(file)));
        return files.In("checkpoint");
    }

    private List<(string Name, string Hash)> Files(string store)
    {
        static string HashOf(string path) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)));
        var paths = Directory.GetFiles(files.In("features", store)).Order();
        return [.. paths.Select(path => (Path.GetFileName(path), HashOf(path)))];
    }

    private static float[] Frames(FeatureStore store, int clip)
    {
        var frames = new float[store.Clips[clip].Frames * store.Description.Encoder.FrameWidth];
        store.Read(clip, frames);
        return frames;
    }

    private static string Fingerprint(string models) =>
        Checkpoint.Read(Path.Combine(models, "resume"), null)!.Fingerprint;

    // Weights and Adam's moments.
    private static float[] State(RunFolders run, string model)
    {
        var content = ModelFile.Read(Path.Combine(run.Checkpoints, model + ModelFile.Extension), withOptimiser: true);
        var adam = content.Optimiser!;
        var tensors = content.Tensors.Concat(adam.Moments).Concat(adam.Velocities);
        return [.. tensors.SelectMany(tensor => tensor.Values), adam.LearningRate, adam.Steps];
    }
}
