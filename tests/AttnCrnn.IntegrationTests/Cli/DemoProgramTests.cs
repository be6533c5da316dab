using System.Text.Json;
using System.Text.Json.Nodes;

namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>The commands of the built program on a run of the demo corpus.</summary>
public sealed class DemoProgramTests(DemoRun run) : IClassFixture<DemoRun>
{
    [Fact]
    public void Demo_writes_a_report()
    {
        Assert.True(run.Demo.Code == 0, run.Demo.Error);
        Assert.True(File.Exists(run.Report));
    }

    [Fact]
    public void Demo_prints_no_escape_codes_without_a_terminal() =>
        Assert.DoesNotContain('\u001b', run.Demo.Output + run.Demo.Error);

    [Fact]
    public void Predict_prints_probabilities_that_sum_to_1_as_JSON()
    {
        var output = run.Run("predict", run.Name, run.Clip(), "--workdir", "d", "--json", "--quiet").Output;
        using var json = JsonDocument.Parse(output);
        Assert.Equal(
            ["path", "label", "probabilities", "start_s", "end_s", "warnings", "model", "model_sha256"],
            json.RootElement.EnumerateObject().Select(property => property.Name)
        );
        var probabilities = json.RootElement.GetProperty("probabilities").EnumerateObject();
        Assert.Equal(1, probabilities.Sum(probability => probability.Value.GetDouble()), 1e-6);
    }

    [Fact]
    public void Predict_gives_one_line_per_window()
    {
        string[] windows = ["--window", "0.5", "--hop", "0.25"];
        var output = run.Run(["predict", run.Name, run.Clip(), "--workdir", "d", "--json", .. windows]).Output;
        var lines = output.Trim().Split('\n');
        Assert.True(lines.Length >= 4);
        Assert.Equal(0.25, JsonDocument.Parse(lines[1]).RootElement.GetProperty("start_s").GetDouble());
    }

    [Fact]
    public void Resuming_a_finished_run_succeeds() =>
        Assert.Equal(0, run.Run("train", "--resume", run.Name, "--workdir", "d").Code);

    [Fact]
    public void Evaluate_prints_metrics_as_JSON()
    {
        var output = run.Run("evaluate", run.Name, "--workdir", "d", "--json", "--quiet").Output;
        Assert.Contains("\"uar\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_takes_other_data()
    {
        var features = Path.Combine("d", "features");
        var (code, output, error) = run.Run("evaluate", run.Name, "--workdir", "d", "--data_dirs", features);
        Assert.True(code == 0 && output.Contains("clips    288", StringComparison.Ordinal), error);
    }

    [Fact]
    [Requires("unix")]
    public void Evaluate_resolves_latest_to_the_run_of_the_link()
    {
        var link = run.PathOf("d", "analysis_results", "latest");
        File.CreateSymbolicLink(link, run.Name);
        try
        {
            var named = Evaluate(run.Name);
            var latest = Evaluate("latest");
            Assert.Equal($"{named["per_class"]}", $"{latest["per_class"]}");
            // It is one more evaluation of the same run.
            Assert.Equal((int)named["test_set"]!["evaluations"]! + 1, (int)latest["test_set"]!["evaluations"]!);
            Assert.Equal((int)named["test_set"]!["runs"]!, (int)latest["test_set"]!["runs"]!);
        }
        finally
        {
            File.Delete(link);
        }
    }

    [Fact]
    public void Export_writes_weights_as_npz()
    {
        var export = run.Run("export", run.Name, "--workdir", "d", "--to", "npz", "--out", "w.npz");
        Assert.True(export.Code == 0 && File.Exists(run.PathOf("w.npz")), export.Error);
    }

    [Fact]
    public void The_configuration_contains_options_and_absolute_paths()
    {
        var path = run.PathOf("d", "analysis_results", run.Name, "config.json");
        using var config = JsonDocument.Parse(File.ReadAllText(path));
        Assert.Equal(2, config.RootElement.GetProperty("epochs").GetInt32());
        Assert.True(Path.IsPathRooted(config.RootElement.GetProperty("data_dirs")[0].GetString()!));
    }

    [Fact]
    public void Predict_rejects_a_missing_recording() =>
        Assert.Equal(3, run.Run("predict", run.Name, "nowhere.wav", "--workdir", "d").Code);

    [Fact]
    public void Predict_rejects_a_missing_run() =>
        Assert.Equal(3, run.Run("predict", "no_such_run", run.Clip(), "--workdir", "d").Code);

    private JsonNode Evaluate(string name)
    {
        var (code, output, error) = run.Run("evaluate", name, "--workdir", "d", "--json", "--quiet");
        Assert.True(code == 0, error);
        return JsonNode.Parse(output)!;
    }
}
