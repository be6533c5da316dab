using System.Text.Json;
using AttnCrnn.Features.Npz;
using AttnCrnn.Formats.Numpy;

namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>The built program on frames with several layers.</summary>
public sealed class LayerMixProgramTests(LayerMixRun run) : IClassFixture<LayerMixRun>
{
    [Fact]
    public void Train_prints_the_layers_of_the_largest_weights() =>
        Assert.Matches(
            @"(?m)^layers   2 \(weight 0\.\d{4}, \d\d%\), .* have the largest weights of 0 to 3$",
            run.Training.Output
        );

    [Fact]
    public void The_report_shows_the_weights() =>
        Assert.Contains(
            "Layer weights",
            File.ReadAllText(run.PathOf("analysis_results", run.Name, "report.html")),
            StringComparison.Ordinal
        );

    [Fact]
    public void The_informative_layer_has_the_largest_weight()
    {
        var weights = TrainedLayerWeights();
        Assert.Equal(LayerMixRun.Informative, Array.IndexOf(weights, weights.Max()));
    }

    [Fact]
    public void Evaluate_prints_the_weights_of_the_folds_models()
    {
        Assert.Equal(TrainedLayerWeights(), LayerWeights(run.Run("evaluate", run.Name, "--json", "--quiet").Output));
        // The members of an ensemble were trained on each other's test clips.
        Assert.Equal(3, run.Run("evaluate", run.Name, "--json", "--quiet", "--data_dirs", "store").Code);
    }

    [Fact]
    public void Predict_takes_frames_with_all_layers()
    {
        const int width = LayerMixRun.Layers * LayerMixRun.Width;
        FeatureNpz.Write(run.PathOf("clip.npz"), LayerMixRun.Values(4, 30), 30, width, null, []);
        var (code, output, error) = run.Run("predict", run.Name, "clip.npz");
        Assert.True(code == 0, error);
        Assert.Contains("clip.npz  l1 ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Export_writes_the_mix()
    {
        var model = Directory.GetFiles(run.PathOf("checkpoints", run.Name, "fold_1"), "best_*").Single();
        Assert.Equal(0, run.Run("export", model, "--to", "npz", "--out", "w.npz").Code);
        Assert.Equal([LayerMixRun.Layers, 1], NpzFile.Read(run.PathOf("w.npz"))["layer_mix/kernel"].Shape);
    }

    private double[] TrainedLayerWeights() =>
        LayerWeights(File.ReadAllText(run.PathOf("analysis_results", run.Name, "metrics.json")));

    private static double[] LayerWeights(string metrics)
    {
        using var json = JsonDocument.Parse(metrics);
        return [.. json.RootElement.GetProperty("layer_weights").EnumerateArray().Select(weight => weight.GetDouble())];
    }
}
