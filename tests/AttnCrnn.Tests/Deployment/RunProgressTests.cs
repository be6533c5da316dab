using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Monitoring;

namespace AttnCrnn.Tests.Deployment;

/// <summary>The progress of a run from its progress.jsonl.</summary>
public sealed class RunProgressTests
{
    private const string Start =
        """{"event":"start","time":"1970-01-01T00:00:10Z","epochs":30,"format_version":1,"run":"r"}""";

    [Fact]
    public void An_epoch_has_its_metrics_and_may_be_the_best()
    {
        var progress = Read(Start, Epoch(1, best: true), Epoch(2, best: false));
        var fold = Assert.Single(progress.Folds);
        Assert.Equal([1, 2], fold.Epochs.Select(epoch => epoch.Epoch));
        Assert.Equal(
            (2, 30, 0.75),
            (progress.LatestEpoch!.Epoch, progress.LatestEpoch.Epochs, progress.LatestEpoch.ValUar)
        );
        Assert.Equal(1, fold.BestEpoch!.Epoch);
        Assert.Null(fold.CurrentStep);
    }

    [Fact]
    public void A_repeated_epoch_replaces_the_earlier_one()
    {
        var progress = Read(Epoch(1), Epoch(2), Epoch(3), Epoch(2, seconds: 9));
        var fold = Assert.Single(progress.Folds);
        Assert.Equal(3, fold.Epochs.Count);
        Assert.Equal(9, fold.Epochs.Single(epoch => epoch.Epoch == 2).Seconds);
        Assert.Equal(2, progress.LatestEpoch!.Epoch);
    }

    [Theory]
    [InlineData("""{"event":"epoch","time":"1970-01-01T00:""")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("""{"event":7}""")]
    [InlineData("""{"event":"of a newer version","epoch":9,"epochs":30}""")]
    public void An_incomplete_line_and_an_unknown_event_are_ignored(string line)
    {
        var progress = Read(Epoch(1), line);
        Assert.Equal(1, progress.LatestEpoch!.Epoch);
        Assert.Single(progress.Folds);
    }

    [Fact]
    public void An_error_lasts_until_the_run_is_resumed()
    {
        const string error = """{"event":"error","time":"1970-01-01T00:00:20Z","epochs":30,"message":"disk full"}""";
        Assert.Equal("disk full", Read(Start, error).LatestFold!.Error);
        Assert.False(Read(Start, error).LatestFold!.IsActive);
        Assert.Null(Read(Start, error, Start).LatestFold!.Error);
    }

    [Fact]
    public void The_current_step_is_that_of_the_epoch_that_has_not_ended()
    {
        Assert.Equal(new StepProgress(2, 30, 4, 10, 0.5), Read(Epoch(1), Step(2, 4)).LatestFold!.CurrentStep);
        Assert.Null(Read(Step(1, 4), Epoch(1)).LatestFold!.CurrentStep);
    }

    [Fact]
    public void The_remaining_time_is_that_of_the_slowest_active_fold()
    {
        var progress = Read(
            Step(1, 1, fold: 1, second: 10, remaining: 500),
            """{"event":"end","time":"1970-01-01T00:00:12Z","fold":1,"folds":3,"epochs":30}""",
            Step(1, 1, fold: 2, second: 20, remaining: 60),
            Step(1, 1, fold: 3, second: 10, remaining: 50)
        );
        Assert.Equal(TimeSpan.FromSeconds(50), progress.GetTimeRemaining(DateTimeOffset.FromUnixTimeSeconds(30)));
        Assert.Equal(TimeSpan.Zero, progress.GetTimeRemaining(DateTimeOffset.FromUnixTimeSeconds(100)));
        Assert.Equal(2, progress.LatestFold!.Fold);
    }

    [Fact]
    public void A_fold_that_stopped_early_is_complete()
    {
        var progress = Read(
            Epoch(3, fold: 1),
            """{"event":"early_stop","time":"1970-01-01T00:00:12Z","fold":1,"folds":2,"epochs":30,"""
                + """ "epoch":3,"best_epoch":1}""",
            """{"event":"end","time":"1970-01-01T00:00:12Z","fold":1,"folds":2,"epochs":30}""",
            Epoch(15, fold: 2)
        );
        Assert.Equal((3, 1), progress.FindFold(1)!.EarlyStop);
        Assert.Null(progress.FindFold(2)!.EarlyStop);
        Assert.Equal(0.75, progress.Fraction);
    }

    [Fact]
    public void A_newer_format_is_noticed() =>
        Assert.Equal(
            2,
            Read(
                Start.Replace("\"format_version\":1", "\"format_version\":2", StringComparison.Ordinal)
            ).NewerFormatVersion
        );

    [Fact]
    public void A_status_with_events_does_not_depend_on_the_text_of_the_log()
    {
        var status = RunStatus.Parse(
            $"now=100\nrun=r\nsession=yes\nprocess=7\nlog_changed=90\n[progress]\n{Start}\n{Epoch(4, best: true)}\n"
                + "[log]\nepoch 9/30  loss as no version writes it\n"
        );
        Assert.Equal((4, 4), (status.LatestEpoch!.Epoch, status.BestEpoch!.Epoch));
        Assert.Equal(TimeSpan.FromSeconds(200 - 86), status.TimeRemaining);
        Assert.Single(status.LastLines);
    }

    private static RunProgress Read(params string[] lines)
    {
        var progress = new RunProgress();
        foreach (var line in lines)
            progress.AddLine(line);
        return progress;
    }

    private static string Epoch(int epoch, bool best = false, int? fold = null, int seconds = 2) =>
        $$"""{"event":"epoch","time":"1970-01-01T00:00:14Z",{{Folds(fold)}}"epochs":30,"epoch":{{epoch}},"loss":0.5,"""
        + """ "accuracy":0.8,"val_loss":null,"val_accuracy":0.7,"val_uar":0.75,"learning_rate":0.001,"""
        + $$""" "seconds":{{seconds}},"best":{{(best ? "true" : "false")}},"remaining_seconds":200}""";

    private static string Step(int epoch, int step, int? fold = null, int second = 14, int remaining = 200) =>
        $$"""{"event":"step","time":"1970-01-01T00:00:{{second}}Z",{{Folds(fold)}}"epochs":30,"epoch":{{epoch}},"""
        + $$""" "step":{{step}},"steps":10,"loss":0.5,"remaining_seconds":{{remaining}}}""";

    private static string Folds(int? fold) => fold is null ? "" : $"\"fold\":{fold},\"folds\":{(fold > 2 ? 3 : 2)},";
}
