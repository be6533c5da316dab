namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>Folds of one run that are trained in parallel, as a cluster's tasks do.</summary>
public sealed class ParallelFoldsTests(ParallelFolds run) : IClassFixture<ParallelFolds>
{
    [Fact]
    public void Each_fold_is_trained() => Assert.All(run.Parallel, fold => Assert.True(fold.Code == 0, fold.Error));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Each_fold_has_a_log_of_its_epochs(int fold)
    {
        var lines = File.ReadAllLines(run.PathOf("many", "logs", run.Name, $"fold_{fold}", "train.log"));
        var start = $"fold {fold}/{ParallelFolds.Folds} epoch ";
        Assert.Equal(3, lines.Count(line => line.StartsWith(start, StringComparison.Ordinal)));
    }

    [Fact]
    public void Single_folds_write_no_report() => Assert.False(run.HasReport);

    [Fact]
    public void A_finished_fold_is_not_retrained() =>
        Assert.DoesNotContain("epoch  ", run.SecondRun.Error, StringComparison.Ordinal);

    [Fact]
    public void Predictions_of_parallel_folds_match_sequential_folds()
    {
        Assert.True(run.Evaluation.Code == 0, run.Evaluation.Error);
        Assert.Equal(Predictions("one"), Predictions("many"));
    }

    private string Predictions(string work) =>
        File.ReadAllText(run.PathOf(work, "analysis_results", run.Name, "predictions.csv"));
}
