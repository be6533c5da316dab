using System.Globalization;
using System.Text.Json.Nodes;
using AttnCrnn.Features;
using AttnCrnn.Models;
using AttnCrnn.Runs;
using AttnCrnn.Training;
using AttnCrnn.Training.Checkpoints;

namespace AttnCrnn.IntegrationTests.Golden;

/// <summary>Runs of an older version can be evaluated, and resumed to the weights it would have reached.</summary>
[Requires("unix")]
public sealed class GoldenRunsTests : IDisposable
{
    private static readonly string[] Models = ["best_attn_crnn_model", "final_attn_crnn_model"];

    private readonly GoldenFiles files = new();

    public void Dispose() => files.Dispose();

    [Theory]
    [InlineData("log-mel", "log-mel")]
    [InlineData("log-mel_npz", "log-mel")] // the same frames
    [InlineData("wav2vec2", "wav2vec2")]
    public void Training_on_an_older_store_reproduces_its_weights(string storeName, string encoder)
    {
        using var store = FeatureStore.Open([files.PathOf("features", storeName)]);
        var options = new TrainingOptions
        {
            BatchSize = 8,
            Epochs = 2,
            Seed = 3,
        };
        var run = RunDirectory.Create(files.PathOf("new"), "v2", TimeProvider.System);
        new Experiment(store, new() { Training = options }).Train(
            null,
            new(run, [], "test", TimeProvider.System),
            null,
            TestContext.Current.CancellationToken
        );
        AssertTrained(files.Expected[encoder]!["drawn_weights"]!, run.Checkpoints);
    }

    [Theory]
    [InlineData("log-mel")]
    [InlineData("wav2vec2")]
    public void Evaluating_an_older_run_reproduces_its_metrics(string encoder)
    {
        var metrics = Evaluate(files.OpenRun(encoder, "finished"));
        foreach (var name in (string[])["uar", "log_loss"])
        {
            var expected = files.Expected[encoder]![name]!.GetValue<double>();
            Assert.Equal(expected, metrics[name]!.GetValue<double>(), GoldenFiles.MetricTolerance);
        }
    }

    [Fact]
    public void Evaluating_an_older_cross_validation_reproduces_its_metrics() =>
        GoldenAssert.NumbersEqual(
            files.Expected["runs"]!["folds/finished"]!["metrics"]!,
            Evaluate(files.OpenRun("folds", "finished")),
            GoldenFiles.MetricTolerance
        );

    [Fact]
    public void Evaluating_an_older_run_writes_every_metric_under_its_name()
    {
        var run = files.OpenRun("folds", "finished");
        var path = Path.Combine(run.Analysis, "metrics.json");
        var expected = JsonNode.Parse(File.ReadAllText(path))!;
        // Intervals have a correction for few speakers since then.
        foreach (var metric in (string[])["uar", "accuracy", "macro_f1", "macro_auc"])
            expected.AsObject().Remove($"{metric}_ci95");
        File.Delete(path);
        Evaluate(run);
        GoldenAssert.EqualJson(expected, JsonNode.Parse(File.ReadAllText(path))!, GoldenFiles.MetricTolerance);
    }

    [Fact]
    public void Evaluating_an_older_run_reproduces_its_predictions()
    {
        var run = files.OpenRun("folds", "finished");
        var path = Path.Combine(run.Analysis, "predictions.csv");
        var expected = File.ReadAllText(path);
        File.Delete(path);
        Evaluate(run);
        Assert.Equal(expected, WithoutColumns(File.ReadAllText(path), "seconds", "temperature"));
    }

    [Fact]
    public void Evaluating_an_older_cross_validation_writes_its_report()
    {
        var run = files.OpenRun("folds", "finished");
        var expected = JsonNode.Parse(File.ReadAllText(Path.Combine(run.Analysis, "metrics.json")))!;
        Evaluate(run);
        AssertReported(expected["uar"]!, expected["n_clips"]!, run);
    }

    [Fact]
    public void Evaluating_an_older_run_writes_its_report()
    {
        var run = files.OpenRun("log-mel", "finished");
        var metrics = Evaluate(run);
        AssertReported(files.Expected["log-mel"]!["uar"]!, metrics["n_clips"]!, run);
    }

    [Theory]
    [InlineData("log-mel")]
    [InlineData("wav2vec2")]
    public void Resuming_an_interrupted_run_is_bit_identical_to_an_uninterrupted_run(string encoder)
    {
        var (interruptedRun, uninterruptedRun) = (
            files.OpenRun(encoder, "interrupted"),
            files.OpenRun(encoder, "finished")
        );
        Assert.False(Trainer.IsFinished(Path.Combine(interruptedRun.Checkpoints, "resume")));
        Assert.StartsWith("epoch 3/6 ", files.Resume(interruptedRun)[0], StringComparison.Ordinal);
        foreach (var model in Models)
            Assert.Equal(State(uninterruptedRun, model), State(interruptedRun, model));
    }

    [Fact]
    public void Resuming_a_run_killed_within_an_epoch_reproduces_the_reference_weights()
    {
        var run = files.OpenRun("log-mel", "killed");
        Assert.Equal(1, Checkpoint.Read(Path.Combine(run.Checkpoints, "resume"), null)!.PartialEpoch.Steps);
        Assert.StartsWith("epoch 2/6 ", files.Resume(run)[0], StringComparison.Ordinal);
        AssertTrained(files.Expected["runs"]!["log-mel/killed"]!, run.Checkpoints);
    }

    [Fact]
    public void Resuming_with_changed_options_is_rejected()
    {
        var run = files.OpenRun("log-mel", "killed");
        var configuration = File.ReadAllText(run.Configuration);
        Assert.Contains("\"epochs\": 6", configuration, StringComparison.Ordinal);
        File.WriteAllText(run.Configuration, configuration.Replace("\"epochs\": 6", "\"epochs\": 7"));
        var (code, _, error) = files.Start("train", "--resume", run.Name, "--workdir", run.WorkFolder, "--quiet");
        Assert.True(code == 3, error);
        Assert.Contains($"{run.Name}/resume: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Resuming_a_killed_cross_validation_reproduces_the_reference_weights()
    {
        var run = files.OpenRun("folds", "killed");
        Assert.False(Directory.Exists(run.GetModelFolder(fold: 3)));
        Assert.All(files.Resume(run), line => Assert.StartsWith("fold 3/3 ", line, StringComparison.Ordinal));
        var expected = files.Expected["runs"]!["folds/killed"]!.AsObject();
        Assert.Equal(3, expected.Count);
        foreach (var (fold, weights) in expected)
            AssertTrained(weights!, Path.Combine(run.Checkpoints, fold));
    }

    [Fact]
    public void An_older_configuration_reproduces_its_run()
    {
        var run = files.OpenRun("log-mel", "finished");
        Assert.Contains("\"noise\": null", File.ReadAllText(run.Configuration), StringComparison.Ordinal);
        files.Run("train", "--config", run.Configuration, "--workdir", "again", "--quiet");
        var folder = Assert.Single(Directory.GetDirectories(files.PathOf("again", "checkpoints")));
        var repeatedRun = new RunDirectory(files.PathOf("again"), Path.GetFileName(folder));
        foreach (var model in Models)
            Assert.Equal(State(run, model), State(repeatedRun, model));
    }

    private JsonNode Evaluate(RunDirectory run) =>
        JsonNode.Parse(files.Run("evaluate", run.Name, "--workdir", run.WorkFolder, "--json", "--quiet"))!;

    private static void AssertReported(JsonNode uar, JsonNode clips, RunDirectory run)
    {
        var report = File.ReadAllText(Path.Combine(run.Analysis, "report.html"));
        var percent = (100 * uar.GetValue<double>()).ToString("0.0", CultureInfo.InvariantCulture);
        Assert.Contains(run.Name, report, StringComparison.Ordinal);
        Assert.Contains($"<h2>UAR</h2><p class=\"big\">{percent}%</p>", report, StringComparison.Ordinal);
        Assert.Contains($"<p>{clips} clips of ", report, StringComparison.Ordinal);
    }

    private static void AssertTrained(JsonNode expected, string models)
    {
        Assert.Equal($"{expected["values_sha256"]}", GoldenFiles.WeightsHash(models));
    }

    // Weights and Adam's moments.
    private static float[] State(RunDirectory run, string model)
    {
        var content = ModelFile.Read(Path.Combine(run.Checkpoints, model + ModelFile.Extension), withOptimizer: true);
        var adam = content.Optimizer!;
        var tensors = content.Tensors.Concat(adam.FirstMoments).Concat(adam.SecondMoments);
        return [.. tensors.SelectMany(tensor => tensor.Values), adam.LearningRate, adam.Steps];
    }

    // Columns that earlier versions did not write.
    private static string WithoutColumns(string csv, params string[] names)
    {
        var lines = csv.TrimEnd('\n').Split('\n').Select(line => line.Split(',')).ToList();
        int[] kept = [.. Enumerable.Range(0, lines[0].Length).Where(column => !names.Contains(lines[0][column]))];
        return string.Concat(lines.Select(cells => string.Join(',', kept.Select(column => cells[column])) + "\n"));
    }
}
