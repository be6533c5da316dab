using System.Text.Json.Nodes;
using AttnCrnn.Reports.Inventory;
using AttnCrnn.Runs;

namespace AttnCrnn.Tests.Reports.Inventory;

/// <summary>What is found in a working folder.</summary>
public sealed class RunInventoryTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Runs_are_sorted_by_the_time_of_their_start()
    {
        RunBuilder.Write(folder.Path, "attn_crnn_v2_20260301_080000");
        RunBuilder.Write(folder.Path, "attn_crnn_v1_20260401_080000");
        RunBuilder.Write(folder.Path, "attn_crnn_v2-stats_20260201_080000");
        Assert.Equal(
            ["attn_crnn_v2-stats_20260201_080000", "attn_crnn_v2_20260301_080000", "attn_crnn_v1_20260401_080000"],
            RunInventory.Read(folder.Path).Select(run => run.Name)
        );
    }

    [Fact]
    public void A_run_has_its_encoder_protocol_and_result()
    {
        RunBuilder.Write(folder.Path, folds: 3);
        var run = Assert.Single(RunInventory.Read(folder.Path));
        Assert.Equal(RunState.Evaluated, run.State);
        Assert.Equal("log-mel", run.Model!.Encoder.Name);
        Assert.Equal("3 folds by speaker", run.Protocol);
        Assert.Equal((96, 12), (run.Metrics!.Clips, run.Metrics.Speakers));
        Assert.Equal((3, 3), (run.Folds, run.ModelPaths.Count));
    }

    [Fact]
    public void A_run_of_which_a_fold_has_no_model_is_unfinished()
    {
        RunBuilder.Write(folder.Path, folds: 5, trained: 2, evaluated: false);
        var run = Assert.Single(RunInventory.Read(folder.Path));
        Assert.Equal((RunState.Unfinished, 5, 2), (run.State, run.Folds!.Value, run.ModelPaths.Count));
    }

    [Fact]
    public void A_trained_run_without_metrics_is_unfinished_unless_it_skips_the_evaluation()
    {
        var run = RunBuilder.Write(folder.Path, evaluated: false);
        Assert.Equal(RunState.Unfinished, Assert.Single(RunInventory.Read(folder.Path)).State);
        RunConfigurationFile.Write(run.Configuration, new RunConfiguration { TrainOnly = true });
        Assert.Equal(RunState.NotEvaluated, Assert.Single(RunInventory.Read(folder.Path)).State);
    }

    [Fact]
    public void A_run_without_a_model_is_unfinished()
    {
        var run = new RunDirectory(folder.Path, RunBuilder.Name);
        Directory.CreateDirectory(run.Checkpoints);
        RunConfigurationFile.Write(run.Configuration, new());
        Assert.Equal(RunState.Unfinished, Assert.Single(RunInventory.Read(folder.Path)).State);
    }

    [Theory]
    [InlineData("checkpoints", "best_attn_crnn_model.keras")]
    [InlineData("analysis_results", "metrics.json")]
    [InlineData("analysis_results", "config.json")]
    public void A_damaged_file_is_named_and_other_runs_are_listed(string parent, string file)
    {
        RunBuilder.Write(folder.Path, "attn_crnn_v2_20260301_080000");
        RunBuilder.Write(folder.Path, "attn_crnn_v2_20260302_080000");
        File.WriteAllText(folder.PathOf(parent, "attn_crnn_v2_20260301_080000", file), "{");
        var runs = RunInventory.Read(folder.Path);
        Assert.Equal([RunState.Damaged, RunState.Evaluated], runs.Select(run => run.State));
        Assert.Contains(file, $"{runs[0].Problem}", StringComparison.Ordinal);
    }

    [Fact]
    public void An_evaluation_on_other_clips_is_listed_and_folders_of_other_programs_are_not()
    {
        var run = RunBuilder.Write(folder.Path);
        Directory.Delete(folder.PathOf("checkpoints"), recursive: true);
        Directory.CreateDirectory(folder.PathOf("checkpoints", "stray"));
        Directory.CreateDirectory(folder.PathOf("analysis_results", "notes"));
        Directory.CreateSymbolicLink(folder.PathOf("analysis_results", "latest"), run.Name);
        var listed = Assert.Single(RunInventory.Read(folder.Path));
        Assert.Equal((run.Name, false, RunState.Evaluated), (listed.Name, listed.IsTraining, listed.State));
    }

    [Fact]
    public void The_json_object_has_full_precision_and_null_for_what_is_not_known()
    {
        var run = RunBuilder.Write(folder.Path);
        RunBuilder.Write(folder.Path, "attn_crnn_v2_20260201_080000", evaluated: false);
        var json = JsonNode.Parse(InventoryJson.Serialize(RunInventory.Read(folder.Path)))!["runs"]!;
        var stored = JsonNode.Parse(File.ReadAllText(Path.Combine(run.Analysis, "metrics.json")))!;
        Assert.Equal(stored["uar"]!.ToJsonString(), json[0]!["uar"]!.ToJsonString());
        Assert.Equal(stored["uar_ci95"]!.ToJsonString(), json[0]!["uar_ci95"]!.ToJsonString());
        Assert.Equal("2026-01-31T23:59:59", json[0]!["started"]!.GetValue<string>());
        Assert.Equal(("evaluated", "unfinished"), ($"{json[0]!["state"]}", $"{json[1]!["state"]}"));
        Assert.Null(json[1]!["uar"]);
        Assert.Equal($"checkpoints/{run.Name}/best_attn_crnn_model.keras", json[0]!["models"]![0]!.GetValue<string>());
    }

    [Fact]
    public void The_details_of_a_run_have_its_files_options_and_limits()
    {
        var run = RunBuilder.Write(folder.Path, folds: 3);
        var details = ModelDetails.Read(folder.Path, run.Name);
        Assert.Equal(3, details.Files.Count);
        Assert.Contains(details.Options, option => option is { Key: "epochs", Value: "12" });
        Assert.Equal(["clinic_recordings"], details.DataNames);
        Assert.Contains(details.Limits, limit => limit.Contains("class of lowest recall", StringComparison.Ordinal));
        var json = JsonNode.Parse(ModelDetailsJson.Serialize(details))!;
        Assert.Equal(details.Sha256, json["sha256"]!.GetValue<string>());
        Assert.Equal("evaluated", json["run"]!["state"]!.GetValue<string>());
    }

    [Fact]
    public void The_last_model_of_a_run_has_no_metrics_of_the_best_one()
    {
        var run = RunBuilder.Write(folder.Path);
        var final = Path.Combine(run.Checkpoints, "final_attn_crnn_model.keras");
        RunBuilder.WriteModel(final, seed: 2);
        var lines = ModelDetailsText.List(ModelDetails.Read(folder.Path, final)).ToList();
        Assert.DoesNotContain(lines, line => line.Key == "UAR");
        Assert.Contains(lines, line => line.Value == "The model has not been evaluated.");
        Assert.Contains(ModelDetailsText.List(ModelDetails.Read(folder.Path, run.Name)), line => line.Key == "UAR");
    }

    [Fact]
    public void A_folder_that_does_not_exist_is_refused() =>
        Assert.Throws<InvalidInputException>(() => RunInventory.Read(folder.PathOf("missing")));
}
