namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>
/// A run that 0.1 started with more folds than speakers, which it replaced by folds of clips. New runs are refused.
/// </summary>
public sealed class EarlierFoldsTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly string name;

    public EarlierFoldsTests()
    {
        FeatureStoreBuilder.WriteLearnable(folder.PathOf("store"), clips: 48, clipsPerSpeaker: 6);
        string[] folds = ["--folds", "9", "--split", "random", "--fold", "1", "--train_only"];
        var (code, _, error) = Run(["train", "--data_dirs", "store", "--epochs", "1", "--batch_size", "8", .. folds]);
        Assert.True(code == 0, error);
        name = Path.GetFileName(Directory.GetDirectories(folder.PathOf("checkpoints")).Single());
        // The folds of 0.1 are those of a random split.
        var configuration = folder.PathOf("analysis_results", name, "config.json");
        var text = File.ReadAllText(configuration);
        File.WriteAllText(configuration, text.Replace("\"random\"", "null", StringComparison.Ordinal));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_run_is_evaluated_with_its_folds()
    {
        var (code, output, error) = Run("evaluate", name);
        Assert.True(code == 0, error);
        Assert.Contains("Too few speakers are named (8, expected at least 9)", output, StringComparison.Ordinal);
        Assert.Contains("Only 1 of 9 folds are trained so far", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_run_is_resumed_with_its_folds()
    {
        var (code, _, error) = Run("train", "--resume", name, "--fold", "1", "--train_only");
        Assert.True(code == 0, error);
        Assert.DoesNotContain("epoch 1/1", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_has_not_started_is_refused()
    {
        Directory.Delete(folder.PathOf("checkpoints", name), recursive: true);
        var (code, _, error) = Run("train", "--resume", name, "--fold", "1", "--train_only");
        Assert.Equal(3, code);
        Assert.Contains("folds 9: 8 speakers are named", error, StringComparison.Ordinal);
    }

    private (int Code, string Output, string Error) Run(params string[] arguments) =>
        BuiltProgram.Run(folder.Path, arguments);
}
