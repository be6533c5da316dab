using System.Text.Json.Nodes;
using AttnCrnn.Features;
using AttnCrnn.Training;
using AttnCrnn.Training.Checkpoints;

namespace AttnCrnn.IntegrationTests.Golden;

/// <summary>A store and runs of the built-in encoder, written by an older version.</summary>
[Requires("unix")]
public sealed class GoldenBuiltInEncoderTests : IDisposable
{
    private const string Name = "whisper-tiny.en";

    private readonly GoldenFiles files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void Extracting_again_finds_every_clip()
    {
        files.Run("extract", "clips/clips.csv", "--out", $"features/{Name}"); // audits the clips
        var output = files.Run("extract", "clips/clips.csv", "--out", $"features/{Name}");
        Assert.Contains("0 clips extracted, 24 already stored", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Description_and_keys_of_a_new_store_are_unchanged()
    {
        files.Run("extract", "clips/clips.csv", "--out", "new");
        var description = File.ReadAllText(files.PathOf("features", Name, StoreDescription.FileName));
        Assert.Equal(description, File.ReadAllText(files.PathOf("new", StoreDescription.FileName)));
        using var olderStore = FeatureStore.Open([files.PathOf("features", Name)]);
        using var newStore = FeatureStore.Open([files.PathOf("new")]);
        Assert.Equal(olderStore.Clips.Select(clip => clip.Key), newStore.Clips.Select(clip => clip.Key));
    }

    [Fact]
    public void Predictions_of_an_older_run_are_unchanged()
    {
        var run = files.OpenRun(Name, "finished");
        var expected = files.Expected[Name]!["probabilities"]!;
        var clips = expected.AsObject().Select(clip => clip.Key);
        var actual = files.Predict(run.Name, clips, "--workdir", run.WorkFolder);
        GoldenAssert.ProbabilitiesEqual(expected, actual, GoldenFiles.OnnxRuntimeTolerance);
    }

    [Fact]
    public void Evaluating_from_stored_frames_reproduces_the_metrics()
    {
        var run = files.OpenRun(Name, "finished");
        var output = files.Run("evaluate", run.Name, "--workdir", run.WorkFolder, "--json", "--quiet");
        var expected = files.Expected[Name]!["log_loss"]!.GetValue<double>();
        Assert.Equal(expected, JsonNode.Parse(output)!["log_loss"]!.GetValue<double>(), GoldenFiles.MetricTolerance);
    }

    [Fact]
    public void Resuming_a_killed_run_from_stored_frames_reproduces_the_reference_weights()
    {
        var run = files.OpenRun(Name, "killed");
        Assert.False(Trainer.IsFinished(Path.Combine(run.Checkpoints, "resume")));
        Assert.StartsWith("epoch 2/3 ", files.Resume(run)[0], StringComparison.Ordinal);
        Assert.Equal(1, Checkpoint.FindFirstVersion(run.Checkpoints)); // however often it is killed again
        var expected = files.Expected[Name]!["killed"]!;
        Assert.Equal($"{expected["values_sha256"]}", GoldenFiles.WeightsHash(run.Checkpoints));
    }
}
