using System.Text.Json.Nodes;
using AttnCrnn.Evaluation;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.Tests.Cli;

/// <summary>train --folds emobox, on recordings with the names of RAVDESS.</summary>
public sealed class EmoBoxTrainingTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task All_folds_are_pooled_in_one_report()
    {
        await ExtractAsync(actors: 24);
        var (code, _, error) = await TrainAsync();
        Assert.True(code == 0, error);
        var analysis = Directory.GetDirectories(folder.PathOf("runs", "analysis_results")).Single();
        var metrics = JsonNode.Parse(File.ReadAllText(Path.Combine(analysis, "metrics.json")))!;
        Assert.Equal((48, 6), ((int)metrics["n_clips"]!, metrics["folds"]!.AsArray().Count));
        Assert.StartsWith(
            "The 6 folds are those of EmoBox for RAVDESS",
            (string)metrics["split"]!["description"]!,
            StringComparison.Ordinal
        );
        var fold = PredictionsCsv
            .Read(Path.Combine(analysis, PredictionsCsv.FileName))
            .Predictions.Where(clip => clip.Fold == 2)
            .Select(clip => clip.Speaker)
            .Distinct();
        Assert.Equal(["ravdess_04", "ravdess_10", "ravdess_12", "ravdess_14"], fold.Order(StringComparer.Ordinal));
        var configuration = JsonNode.Parse(File.ReadAllText(Path.Combine(analysis, "config.json")))!;
        Assert.Equal("emobox", (string)configuration["folds"]!);
        var run = Path.GetFileName(analysis);
        (code, _, error) = await InProcessProgram.RunAsync("evaluate", run, "--workdir", folder.PathOf("runs"));
        Assert.True(code == 0, error);
    }

    [Fact]
    public async Task A_part_of_the_corpus_is_refused_before_the_training()
    {
        await ExtractAsync(actors: 20);
        var (code, _, error) = await TrainAsync();
        Assert.Equal(3, code);
        Assert.Contains("--folds emobox: 20 of the 24 speakers of RAVDESS", error, StringComparison.Ordinal);
    }

    private async Task ExtractAsync(int actors)
    {
        for (var actor = 1; actor <= actors; actor++)
            foreach (var emotion in (string[])["04", "05"])
                WavWriter.Write(
                    folder.PathOf("ravdess", $"03-01-{emotion}-01-01-01-{actor:00}.wav"),
                    LogMelModels.Sweep(emotion == "04" ? 0.4 : 0.5, loudness: 0.01 * actor),
                    16_000
                );
        string[] arguments = [folder.PathOf("ravdess"), "--encoder", "log-mel", "--out", folder.PathOf("store")];
        var (code, _, error) = await InProcessProgram.RunAsync(["extract", .. arguments]);
        Assert.True(code == 0, error);
    }

    private Task<(int Code, string Output, string Error)> TrainAsync() =>
        InProcessProgram.RunAsync(
            "train",
            "--data_dirs",
            folder.PathOf("store"),
            "--workdir",
            folder.PathOf("runs"),
            "--folds",
            "emobox",
            "--epochs",
            "1",
            "--copies",
            "1",
            "--threads",
            "1",
            "--explain_clips",
            "0",
            // The recordings of an emotion differ in their level alone.
            "--allow",
            "leak:near_duplicates"
        );
}
