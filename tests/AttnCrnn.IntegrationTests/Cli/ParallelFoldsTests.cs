namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>Folds of one run that are trained in parallel, as a cluster's tasks do.</summary>
public sealed class ParallelFoldsTests : IDisposable
{
    private const int Folds = 3;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Folds_trained_in_parallel_have_the_metrics_of_sequential_folds()
    {
        FeatureStoreBuilder.WriteLearnable(At("store"), clips: 48, clipsPerSpeaker: 6);
        string[] recipe =
        [
            "train",
            "--data_dirs",
            "store",
            "--folds",
            $"{Folds}",
            "--epochs",
            "3",
            "--batch_size",
            "8",
            "--seed",
            "5",
        ];
        Assert.Equal(0, BuiltProgram.Run(folder.Path, [.. recipe, "--workdir", "one"]).Code);

        // The run's folders and configuration, as a deployment creates them before its jobs.
        var run = Path.GetFileName(Directory.GetDirectories(At("one", "checkpoints"))[0]);
        Directory.CreateDirectory(At("many", "analysis_results", run));
        Directory.CreateDirectory(At("many", "checkpoints", run));
        File.Copy(
            At("one", "analysis_results", run, "config.json"),
            At("many", "analysis_results", run, "config.json")
        );
        string[] again = ["train", "--resume", run, "--workdir", "many"];
        var outcomes = BuiltProgram.End([
            .. Enumerable
                .Range(1, Folds)
                .Select(fold => BuiltProgram.Start(folder.Path, [], [.. again, "--fold", $"{fold}", "--train_only"])),
        ]);

        Assert.All(outcomes, outcome => Assert.Equal(0, outcome.Code));
        Assert.False(File.Exists(At("many", "analysis_results", run, "report.html")), "a fold alone was judged");
        for (var fold = 1; fold <= Folds; fold++)
        {
            var lines = File.ReadAllLines(At("many", "logs", run, $"fold_{fold}", "train.log"));
            Assert.Equal(
                3,
                lines.Count(line => line.StartsWith($"fold {fold}/{Folds} epoch ", StringComparison.Ordinal))
            );
        }

        // A finished fold is not trained again, and without the flag the run is evaluated.
        Assert.DoesNotContain(
            "epoch",
            BuiltProgram.Run(folder.Path, [.. again, "--fold", "2", "--train_only"]).Error,
            StringComparison.Ordinal
        );
        Assert.Equal(0, BuiltProgram.Run(folder.Path, again).Code);
        Assert.Equal(
            File.ReadAllText(At("one", "analysis_results", run, "predictions.csv")),
            File.ReadAllText(At("many", "analysis_results", run, "predictions.csv"))
        );
    }

    private string At(params string[] parts) => folder.At(parts);
}
