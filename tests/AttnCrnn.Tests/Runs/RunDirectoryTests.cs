using AttnCrnn.Runs;

namespace AttnCrnn.Tests.Runs;

public sealed class RunDirectoryTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_run_has_folders_of_models_and_of_results()
    {
        var run = RunDirectory.Create(folder.Path, "v2", new StoppedClock());
        Assert.Equal("attn_crnn_v2_20260131_235959", run.Name);
        Assert.True(Directory.Exists(run.Checkpoints) && Directory.Exists(run.Analysis));
    }

    [Fact]
    public void An_evaluation_has_no_folder_of_models()
    {
        var run = RunDirectory.CreateAnalysis(folder.Path, "v2", new StoppedClock());
        Assert.True(Directory.Exists(run.Analysis));
        Assert.Equal([folder.PathOf("analysis_results")], Directory.GetDirectories(folder.Path));
    }

    [Fact]
    public void Runs_and_evaluations_of_the_same_second_have_different_names()
    {
        string[] names =
        [
            RunDirectory.Create(folder.Path, "v2", new StoppedClock()).Name,
            RunDirectory.CreateAnalysis(folder.Path, "v2", new StoppedClock()).Name,
            RunDirectory.Create(folder.Path, "v2", new StoppedClock()).Name,
        ];
        Assert.Equal(["", "_2", "_3"], names.Select(name => name["attn_crnn_v2_20260131_235959".Length..]));
    }

    [Theory]
    [InlineData("analysis_results")]
    [InlineData("checkpoints")]
    public void The_path_of_a_folder_names_the_run_of_its_working_folder(string part)
    {
        var run = RunDirectory.Create(folder.PathOf("work"), "v2", new StoppedClock());
        Assert.Equal(run, RunDirectory.Open(folder.Path, folder.PathOf("work", part, run.Name)));
        // A name that is no folder is a run of the working folder.
        Assert.Equal(folder.Path, RunDirectory.Open(folder.Path, run.Name).WorkFolder);
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2026, 1, 31, 23, 59, 59, TimeSpan.Zero);
    }
}
