using System.Text.Json.Nodes;
using AttnCrnn.Features;
using AttnCrnn.Training;
using AttnCrnn.Training.Checkpoints;

namespace AttnCrnn.IntegrationTests.Golden;

/// <summary>A store and runs of the encoder inside, which an older program made.</summary>
[Requires("unix")]
public sealed class GoldenEncoderInsideTests : IDisposable
{
    private const string Name = "whisper-tiny.en";

    private readonly GoldenFiles files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void Extracting_again_finds_every_clip()
    {
        var said = files.Done("extract", "clips/clips.csv", "--out", $"features/{Name}");
        Assert.Contains("0 clips extracted, 24 were there", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_store_has_the_description_and_the_keys_of_then()
    {
        files.Done("extract", "clips/clips.csv", "--out", "new");
        var description = File.ReadAllText(files.In("features", Name, StoreDescription.FileName));
        Assert.Equal(description, File.ReadAllText(files.In("new", StoreDescription.FileName)));
        using var older = FeatureStore.Open([files.In("features", Name)]);
        using var made = FeatureStore.Open([files.In("new")]);
        Assert.Equal(older.Clips.Select(clip => clip.Key), made.Clips.Select(clip => clip.Key));
    }

    [Fact]
    public void A_run_predicts_from_recordings_what_it_predicted()
    {
        var run = files.Run(Name, "finished");
        var expected = files.Expected[Name]!["probabilities"]!;
        var clips = expected.AsObject().Select(clip => clip.Key);
        var actual = files.Predict(run.Name, clips, "--workdir", run.WorkFolder);
        GoldenAssert.SameProbabilities(expected, actual, GoldenFiles.OtherProcessor);
    }

    [Fact]
    public void A_run_is_evaluated_from_stored_frames_with_the_metrics_it_had()
    {
        var run = files.Run(Name, "finished");
        var said = files.Done("evaluate", run.Name, "--workdir", run.WorkFolder, "--json", "--quiet");
        var expected = files.Expected[Name]!["log_loss"]!.GetValue<double>();
        Assert.Equal(expected, JsonNode.Parse(said)!["log_loss"]!.GetValue<double>(), GoldenFiles.SameBits);
    }

    [Fact]
    public void A_run_that_was_killed_goes_on_from_stored_frames_to_the_weights_of_then()
    {
        var run = files.Run(Name, "killed");
        Assert.False(Trainer.IsFinished(Path.Combine(run.Checkpoints, "resume")));
        Assert.StartsWith("epoch 2/3 ", files.Resume(run)[0], StringComparison.Ordinal);
        Assert.Equal(1, Checkpoint.FirstVersion(run.Checkpoints)); // however often it is killed again
        var expected = files.Expected[Name]!["killed"]!;
        Assert.Equal($"{expected["values_sha256"]}", GoldenFiles.WeightsHash(run.Checkpoints));
    }
}
