using System.Text.Json;

namespace AttnCrnn.IntegrationTests.Deployment;

/// <summary>Extraction, deployment, monitoring, fetching and evaluation of the demo corpus.</summary>
[Requires("sshd")]
public sealed class DeployedDemoTests(DeployedDemo demo) : IClassFixture<DeployedDemo>
{
    [Fact]
    public void Extract_succeeds() => Assert.True(demo.Extract.Code == 0, demo.Extract.Error);

    [Fact]
    public void Deploy_succeeds() => Assert.True(demo.Deploy.Code == 0, demo.Deploy.Error);

    [Theory]
    [InlineData("1/4 checks and directories")]
    [InlineData("2/4 upload")]
    [InlineData("3/4 environment")]
    [InlineData("4/4 training")]
    public void Deploy_reports_the_start_and_duration_of_each_step(string step) =>
        Assert.Matches($"{step}\n(.|\n)*{step}: done in ", demo.Deploy.Error);

    [Fact]
    public void Monitor_waits_and_shows_the_last_and_the_best_epoch()
    {
        Assert.True(demo.Monitor.Code == 0, demo.Monitor.Error);
        Assert.Contains("epoch 2/2  loss ", demo.Monitor.Output, StringComparison.Ordinal);
        Assert.Contains("  best so far: epoch 1, val_accuracy ", demo.Monitor.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Monitor_fetches_verified_results()
    {
        Assert.Contains("all verified by hash", demo.Monitor.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(demo.PathOf("analysis_results", "latest", "report.html")));
        Assert.Equal(demo.Run, new FileInfo(demo.PathOf("analysis_results", "latest")).LinkTarget);
        Assert.True(File.Exists(demo.PathOf("checkpoints", demo.Run, "best_attn_crnn_model.keras")));
    }

    [Fact]
    public void The_status_describes_a_finished_run()
    {
        using var status = JsonDocument.Parse(demo.Status.Output);
        Assert.Equal("ended", status.RootElement.GetProperty("state").GetString());
        Assert.Equal(0, status.RootElement.GetProperty("exit_code").GetInt32());
        Assert.Equal(2, status.RootElement.GetProperty("epochs").GetInt32());
        Assert.True(status.RootElement.GetProperty("best").GetProperty("val_accuracy").GetDouble() > 0);
        Assert.True(status.RootElement.GetProperty("features")[0].GetProperty("files").GetInt32() >= 3);
    }

    [Fact]
    public void A_fetched_run_is_evaluated_on_local_clips_despite_remote_paths()
    {
        var (code, output, error) = demo.Evaluate;
        Assert.True(code == 0 && output.Contains("\"uar\"", StringComparison.Ordinal), error);
    }
}
