namespace AttnCrnn.IntegrationTests.Cli.Runs;

/// <summary>The folds of a run, trained sequentially and in parallel; tests share both.</summary>
public sealed class ParallelFolds : IDisposable
{
    internal const int Folds = 3;

    private readonly TempFolder folder = new();

    public ParallelFolds()
    {
        FeatureStoreBuilder.WriteLearnable(PathOf("store"), clips: 48, clipsPerSpeaker: 6);
        string[] recipe = ["--folds", $"{Folds}", "--epochs", "3", "--batch_size", "8", "--seed", "5"];
        Assert.Equal(0, Run(["train", "--data_dirs", "store", .. recipe, "--workdir", "one"]).Code);

        // The run's folders and configuration, as a deployment creates them before its jobs.
        Name = Path.GetFileName(Directory.GetDirectories(PathOf("one", "checkpoints"))[0]);
        Directory.CreateDirectory(PathOf("many", "analysis_results", Name));
        Directory.CreateDirectory(PathOf("many", "checkpoints", Name));
        const string configuration = "config.json";
        File.Copy(
            PathOf("one", "analysis_results", Name, configuration),
            PathOf("many", "analysis_results", Name, configuration)
        );
        Parallel = BuiltProgram.WaitForExit([
            .. Enumerable.Range(1, Folds).Select(fold => BuiltProgram.Start(folder.Path, [], Line(fold))),
        ]);
        HasReport = File.Exists(PathOf("many", "analysis_results", Name, "report.html"));
        SecondRun = Run(Line(2));
        Evaluation = Run("train", "--resume", Name, "--workdir", "many");
    }

    /// <summary>The name of the run, which is in "one" and in "many".</summary>
    internal string Name { get; }

    /// <summary>The parallel trainings.</summary>
    internal IReadOnlyList<(int Code, string Output, string Error)> Parallel { get; }

    /// <summary>Whether the parallel trainings wrote a report, which only a training of all folds does.</summary>
    internal bool HasReport { get; }

    /// <summary>The second fold's training once more.</summary>
    internal (int Code, string Output, string Error) SecondRun { get; }

    /// <summary>The whole run, resumed after its folds.</summary>
    internal (int Code, string Output, string Error) Evaluation { get; }

    internal string PathOf(params string[] parts) => folder.PathOf(parts);

    public void Dispose() => folder.Dispose();

    private string[] Line(int fold) =>
        ["train", "--resume", Name, "--workdir", "many", "--fold", $"{fold}", "--train_only"];

    private (int Code, string Output, string Error) Run(params string[] arguments) =>
        BuiltProgram.Run(folder.Path, arguments);
}
