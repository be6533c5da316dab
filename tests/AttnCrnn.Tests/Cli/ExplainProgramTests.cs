using System.Text.Json.Nodes;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.Tests.Cli;

/// <summary>Explanations of predict, train and evaluate.</summary>
public sealed class ExplainProgramTests : IDisposable
{
    private readonly TempFolder folder = new();

    public ExplainProgramTests()
    {
        LogMelModels.Write(Model);
        WavWriter.Write(folder.PathOf("a.wav"), LogMelModels.Sweep(1.2), 16_000);
        WavWriter.Write(folder.PathOf("other", "a.wav"), LogMelModels.Sweep(0.6), 16_000);
    }

    private string Model => folder.PathOf("model.keras");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Json_has_the_arrays_and_the_plot()
    {
        var (code, output, error) = await PredictAsync(folder.PathOf("a.wav"), "--json");
        Assert.True(code == 0, error);
        Assert.Contains("wrote 1 plot to", error, StringComparison.Ordinal);
        var json = JsonNode.Parse(output)!;
        var explanation = json["explanation"]!.AsObject();
        Assert.Equal(
            "label attention attention_start_s attention_step_s occlusion occlusion_start_s occlusion_step_s plot",
            string.Join(' ', explanation.Select(pair => pair.Key))
        );
        Assert.Equal((string)json["label"]!, (string)explanation["label"]!);
        Assert.Equal((30, 3), (explanation["attention"]!.AsArray().Count, explanation["occlusion"]!.AsArray().Count));
        Assert.Equal((0.04, 0.5), ((double)explanation["attention_step_s"]!, (double)explanation["occlusion_step_s"]!));
        Assert.Equal(folder.PathOf("plots", "a_explanation.png"), (string)explanation["plot"]!);
    }

    [Fact]
    public async Task The_predictions_are_those_without_explanations()
    {
        var (_, expected, _) = await InProcessProgram.RunAsync("predict", Model, folder.PathOf("a.wav"), "--no_vad");
        var (_, actual, _) = await PredictAsync(folder.PathOf("a.wav"));
        Assert.Equal(expected, actual);
        var plain = await InProcessProgram.RunAsync("predict", Model, folder.PathOf("a.wav"), "--no_vad", "--json");
        Assert.DoesNotContain("explanation", plain.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recordings_of_equal_names_have_plots_of_their_own()
    {
        var (code, _, error) = await PredictAsync(folder.PathOf("a.wav"), folder.PathOf("other", "a.wav"));
        Assert.True(code == 0, error);
        Assert.Equal(["a_2_explanation.png", "a_explanation.png"], ListPlots());
        await PredictAsync(folder.PathOf("a.wav"));
        Assert.Equal(["a_2_explanation.png", "a_explanation.png"], ListPlots()); // replaced
    }

    [Fact]
    public async Task An_input_is_never_overwritten()
    {
        var recording = File.ReadAllBytes(folder.PathOf("a.wav"));
        File.Move(folder.PathOf("a.wav"), folder.PathOf("a_explanation.png"));
        var manifest = folder.PathOf("clips.csv");
        await File.WriteAllTextAsync(manifest, "path\na_explanation.png\n", TestContext.Current.CancellationToken);
        File.Move(folder.PathOf("other", "a.wav"), folder.PathOf("a.wav"));
        var (_, _, error) = await InProcessProgram.RunAsync(
            "predict",
            Model,
            manifest,
            folder.PathOf("a.wav"),
            "--no_vad",
            "--explain",
            folder.Path
        );
        Assert.True(File.Exists(folder.PathOf("a_2_explanation.png")), error);
        Assert.Equal(recording, File.ReadAllBytes(folder.PathOf("a_explanation.png")));
    }

    [Fact]
    public async Task Windows_have_their_seconds_in_the_names()
    {
        var (code, output, error) = await PredictAsync(folder.PathOf("a.wav"), "--window", "0.5", "--json");
        Assert.True(code == 0, error);
        Assert.Equal(
            ["a_0.00-0.50s_explanation.png", "a_0.50-1.00s_explanation.png", "a_1.00-1.20s_explanation.png"],
            ListPlots()
        );
        var starts = output
            .TrimEnd()
            .Split('\n')
            .Select(line => (double)JsonNode.Parse(line)!["explanation"]!["occlusion_start_s"]!);
        Assert.Equal([0, 0.5, 1], starts);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_refused_before_predictions()
    {
        await File.WriteAllTextAsync(folder.PathOf("plots"), "", TestContext.Current.CancellationToken);
        var (code, output, error) = await PredictAsync(folder.PathOf("a.wav"));
        Assert.Equal((3, ""), (code, output));
        Assert.Contains("choose a writable folder with --explain", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_and_evaluate_explain_test_clips_in_the_report()
    {
        List<string> lines = ["path,label,speaker"];
        for (var i = 0; i < 12; i++)
        {
            WavWriter.Write(folder.PathOf("clips", $"{i}.wav"), LogMelModels.Sweep(0.5 + (0.1 * i)), 16_000);
            lines.Add($"clips/{i}.wav,{(i % 2 == 0 ? "low" : "high")},s{i / 2}");
        }
        await File.WriteAllLinesAsync(folder.PathOf("clips.csv"), lines, TestContext.Current.CancellationToken);
        string[] extract = [folder.PathOf("clips.csv"), "--encoder", "log-mel", "--out", folder.PathOf("store")];
        await RunAsync("extract", extract);
        string[] run = ["--workdir", folder.PathOf("runs"), "--threads", "1"];
        await RunAsync("train", ["--data_dirs", folder.PathOf("store"), "--folds", "3", "--epochs", "1", .. run]);
        var analysis = Directory.GetDirectories(folder.PathOf("runs", "analysis_results")).Single();
        Assert.Equal(4, CountExplained(analysis));
        Assert.Contains(
            "Explained clips",
            File.ReadAllText(Path.Combine(analysis, "report.html")),
            StringComparison.Ordinal
        );
        await RunAsync("evaluate", [Path.GetFileName(analysis), "--explain_clips", "2", .. run]);
        Assert.Equal(2, CountExplained(analysis));
        await RunAsync("evaluate", [Path.GetFileName(analysis), "--explain_clips", "0", .. run]);
        Assert.False(Directory.Exists(Path.Combine(analysis, "explanations")));
        string[] others = ["--data_dirs", folder.PathOf("store"), "--explain_clips", "3"];
        var models = folder.PathOf("runs", "checkpoints", Path.GetFileName(analysis));
        var model = Directory.GetFiles(models, "best_*.keras", SearchOption.AllDirectories).Order().First();
        await RunAsync("evaluate", [model, .. others, .. run]);
        var evaluation = Directory.GetDirectories(folder.PathOf("runs", "analysis_results")).Order().Last();
        Assert.NotEqual(analysis, evaluation);
        Assert.Equal(3, CountExplained(evaluation));
    }

    private static int CountExplained(string analysis)
    {
        var explanations = Path.Combine(analysis, "explanations");
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(explanations, "explanations.json")))!;
        var count = json["clips"]!.AsArray().Count;
        Assert.Equal(count, Directory.GetFiles(explanations, "*.png").Length);
        return count;
    }

    private Task<(int Code, string Output, string Error)> PredictAsync(params string[] arguments) =>
        InProcessProgram.RunAsync([
            "predict",
            Model,
            .. arguments,
            "--no_vad",
            "--explain",
            folder.PathOf("plots"),
            "--threads",
            "1",
        ]);

    private string[] ListPlots() =>
        [.. Directory.GetFiles(folder.PathOf("plots")).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];

    private static async Task RunAsync(string command, params string[] arguments)
    {
        var (code, _, error) = await InProcessProgram.RunAsync([command, .. arguments]);
        Assert.True(code == 0, error);
    }
}
