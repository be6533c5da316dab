using AttnCrnn.Runs;

namespace AttnCrnn.Tests.Runs;

[Requires("unix")] // fetch makes symbolic links
public sealed class LatestRunTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_link_of_fetch_is_resolved_to_its_run()
    {
        var models = LogMelModels.WriteFolds(folder.Path, "fetched", folds: 2);
        LogMelModels.WriteFolds(folder.Path, "newer", folds: 1);
        Link("fetched");
        Assert.Equal(models, RunDirectory.FindModels(folder.Path, "latest"));
        Assert.Equal(new RunDirectory(folder.Path, "fetched"), RunDirectory.Open(folder.Path, "latest"));
    }

    [Fact]
    public void Without_a_link_no_run_is_chosen_and_the_runs_are_listed()
    {
        LogMelModels.WriteFolds(folder.Path, "trained", folds: 1);
        var error = Assert.Throws<InvalidInputException>(() => RunDirectory.FindModels(folder.Path, "latest"));
        Assert.StartsWith("latest: there is no link", error.Message, StringComparison.Ordinal);
        Assert.Contains("the latest runs are trained", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidInputException>(() => RunDirectory.Open(folder.Path, "latest"));
    }

    [Fact]
    public void A_link_to_a_run_without_models_is_rejected_with_its_name()
    {
        Link("removed");
        var error = Assert.Throws<InvalidInputException>(() => RunDirectory.FindModels(folder.Path, "latest"));
        Assert.Contains("is to the run removed, whose folder", error.Message, StringComparison.Ordinal);
        Assert.Contains("is missing; download it again", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_is_called_latest_precedes_the_link()
    {
        var models = LogMelModels.WriteFolds(folder.Path, "latest", folds: 1);
        LogMelModels.WriteFolds(folder.Path, "fetched", folds: 1);
        Link("fetched");
        Assert.Equal(models, RunDirectory.FindModels(folder.Path, "latest"));
    }

    private void Link(string run)
    {
        Directory.CreateDirectory(folder.PathOf("analysis_results"));
        File.CreateSymbolicLink(folder.PathOf("analysis_results", "latest"), run);
    }
}
