using System.Text.Json.Nodes;
using AttnCrnn.Cli.Commands;
using AttnCrnn.Reports.Inventory;

namespace AttnCrnn.Tests.Cli;

/// <summary>models and show, run in the process of the tests.</summary>
public sealed class ModelsCommandTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_pipe_gets_a_line_per_run_with_all_columns()
    {
        RunBuilder.Write(folder.Path, folds: 3);
        var (code, output, _) = await InProcessProgram.RunAsync("models", "--workdir", folder.Path);
        var lines = output.TrimEnd().Split('\n');
        Assert.Equal((0, 2), (code, lines.Length));
        Assert.Matches("^run +state +UAR .* +protocol +encoder +speakers +clips +version", lines[0]);
        Assert.Matches(
            @"^attn_crnn_v2_20260131_235959  evaluated  0\.\d{3} \(0\.\d{3} to 0\.\d{3}\)  3 folds by speaker  log-mel",
            lines[1]
        );
    }

    [Theory]
    [InlineData(30)]
    [InlineData(50)]
    [InlineData(80)]
    public void A_narrow_terminal_gets_fewer_columns_and_their_names(int width)
    {
        RunBuilder.Write(folder.Path);
        var lines = RunTable.Format(RunInventory.Read(folder.Path), width, out var omitted);
        Assert.All(lines, line => Assert.True(line.Length <= width, line));
        Assert.Contains("version", omitted);
        Assert.DoesNotContain("run", omitted);
    }

    [Fact]
    public async Task An_empty_folder_says_how_a_run_is_made()
    {
        var (code, output, error) = await InProcessProgram.RunAsync("models", "--workdir", folder.Path);
        Assert.Equal((0, ""), (code, output));
        Assert.Contains("train --data_dirs", error, StringComparison.Ordinal);
        var (jsonCode, json, _) = await InProcessProgram.RunAsync("models", "--workdir", folder.Path, "--json");
        Assert.Equal(0, jsonCode);
        Assert.Empty(JsonNode.Parse(json)!["runs"]!.AsArray());
    }

    [Fact]
    public async Task Damaged_and_unfinished_runs_are_named()
    {
        RunBuilder.Write(folder.Path, "attn_crnn_v2_20260301_080000", folds: 5, trained: 2, evaluated: false);
        RunBuilder.Write(folder.Path, "attn_crnn_v2_20260302_080000");
        File.WriteAllText(folder.PathOf("analysis_results", "attn_crnn_v2_20260302_080000", "metrics.json"), "{");
        var (code, output, error) = await InProcessProgram.RunAsync("models", "--workdir", folder.Path);
        Assert.Equal(0, code);
        Assert.Contains("damaged", output, StringComparison.Ordinal);
        Assert.Contains("attn_crnn_v2_20260302_080000 is damaged: ", error, StringComparison.Ordinal);
        Assert.Contains("2 of 5 folds have a model", error, StringComparison.Ordinal);
        Assert.Contains("train --resume attn_crnn_v2_20260301_080000", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_details_of_a_run_are_printed_with_the_hash_of_its_model()
    {
        var run = RunBuilder.Write(folder.Path);
        var (code, output, _) = await InProcessProgram.RunAsync("show", run.Name, "--workdir", folder.Path);
        Assert.Equal(0, code);
        var path = Path.Combine(run.Checkpoints, "best_attn_crnn_model.keras");
        foreach (
            var text in (string[])
                [
                    $"run            {run.Name}",
                    $"sha256         {Hash(path)}",
                    "labels         angry, calm, happy, sad",
                    "encoder        log-mel",
                    "options        epochs 12",
                    "data           clinic_recordings",
                    "UAR            0.",
                    "limit          ",
                ]
        )
            Assert.Contains(text, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_file_an_evaluation_and_a_published_classifier_are_shown()
    {
        RunBuilder.WriteModel(folder.PathOf("m.keras"));
        var (code, output, _) = await InProcessProgram.RunAsync("show", folder.PathOf("m.keras"));
        Assert.Equal(0, code);
        Assert.StartsWith("model          m.keras", output, StringComparison.Ordinal);
        RunBuilder.Write(folder.Path);
        Directory.Delete(folder.PathOf("checkpoints"), recursive: true);
        (code, output, _) = await InProcessProgram.RunAsync("show", RunBuilder.Name, "--workdir", folder.Path);
        Assert.Equal(0, code);
        Assert.Contains("evaluation of a model on given clips", output, StringComparison.Ordinal);
        var checkpoint = Fixtures.Path("encoders", "heads", "hubert-large-superb-like");
        (code, output, _) = await InProcessProgram.RunAsync("show", checkpoint);
        Assert.Equal(0, code);
        Assert.Contains("training data  unknown", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_run_gets_the_latest_ones()
    {
        RunBuilder.Write(folder.Path);
        var (code, _, error) = await InProcessProgram.RunAsync("show", "missing", "--workdir", folder.Path);
        Assert.Equal(3, code);
        Assert.Contains(RunBuilder.Name, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_writes_the_folder_that_follows_the_run()
    {
        RunBuilder.Write(folder.Path);
        var target = folder.PathOf("published");
        var (code, output, error) = await InProcessProgram.RunAsync(
            "export",
            RunBuilder.Name,
            target,
            "--to",
            "hub",
            "--workdir",
            folder.Path,
            "--license",
            "mit"
        );
        Assert.Equal((0, ""), (code, error));
        Assert.Contains(Path.Combine(target, "README.md"), output, StringComparison.Ordinal);
        var card = File.ReadAllText(Path.Combine(target, "README.md"));
        Assert.Contains("license: \"mit\"", card, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--to", "onnx", "--license", "mit")]
    [InlineData("--to", "hub", "--quantize", "int8")]
    [InlineData("--to", "hub", "--layers", "2")]
    [InlineData("--to", "hub", "--out", "a", "second", "third")]
    public async Task Options_that_do_not_apply_are_usage_errors(params string[] options)
    {
        RunBuilder.Write(folder.Path);
        var (code, _, _) = await InProcessProgram.RunAsync([
            "export",
            RunBuilder.Name,
            "--workdir",
            folder.Path,
            .. options,
        ]);
        Assert.Equal(2, code);
    }

    private static string Hash(string path) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)));
}
