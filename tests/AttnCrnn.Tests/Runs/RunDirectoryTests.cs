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

    private sealed class StoppedClock : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2026, 1, 31, 23, 59, 59, TimeSpan.Zero);
    }
}
