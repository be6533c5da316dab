using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Machines;

namespace AttnCrnn.Tests.Cli;

/// <summary>The status that monitor prints for a run.</summary>
public sealed class StatusViewTests
{
    [Theory]
    [InlineData("run=\nsession=no\n", "no session")]
    [InlineData("run=r\nsession=yes\nlog_changed=90\n", "starting, session s")]
    [InlineData("run=r\nsession=yes\nprocess=7\nlog_changed=90\n", "training, session s, process 7")]
    [InlineData("run=r\nsession=no\nprocess=7\nlog_changed=90\n", "training, no session, process 7")]
    [InlineData("run=r\nsession=no\nexit_code=0\n", "ended with 0")]
    [InlineData("run=r\nsession=no\nexit_code=0\nfetched=95\n", "ended with 0, fetched")]
    [InlineData("run=r\nsession=yes\nexit_code=0\n", "ended with 0, session s is kept until the results are fetched")]
    [InlineData("run=r\nsession=no\nexit_code=3\nfetched=95\n", "ended with 3, fetched")]
    [InlineData("run=r\nsession=no\nlog_changed=90\n", "interrupted, no process and no exit code")]
    public void The_state_lists_what_is_known(string output, string state) => Assert.Equal(state, Row(output, "state"));

    [Theory]
    [InlineData("run=r\nsession=no\nexit_code=3\n", 1)]
    [InlineData("run=r\nsession=no\nlog_changed=90\n", 1)]
    [InlineData("run=r\nsession=no\nexit_code=0\n", 0)]
    public void The_command_that_resumes_a_run_is_on_one_line_of_any_terminal(string output, int count)
    {
        var target = new RemoteTarget(new LocalMachine(), new TmuxJobRunner(), "f", "s", ["--to", "local"]);
        var lines = StatusView.FormatLines(RunStatus.Parse($"now=100\n{output}"), target, width: 40);
        Assert.Equal(count, lines.Count(line => line == "resume     attn-crnn deploy --resume r --to local"));
    }

    [Fact]
    public void Events_show_the_step_early_stopping_and_an_error()
    {
        const string fold = "\"fold\":1,\"folds\":2,\"epochs\":30";
        const string output = $$"""
            run=r
            session=yes
            process=7
            log_changed=100
            [progress]
            {"event":"epoch","time":"1970-01-01T00:01:40Z",{{fold}},"epoch":3,"val_uar":0.7,"remaining_seconds":60}
            {"event":"early_stop","time":"1970-01-01T00:01:40Z",{{fold}},"epoch":3,"best_epoch":1}
            {"event":"error","time":"1970-01-01T00:01:41Z",{{fold}},"message":"disk full"}
            {"event":"step","time":"1970-01-01T00:01:42Z","fold":2,"folds":2,"epochs":30,"epoch":1,"step":4,"steps":9}

            """;
        Assert.Equal("3 of 30, fold 1 of 2", Row(output, "epoch"));
        Assert.Equal("4 of 9 in epoch 1, fold 2 of 2", Row(output, "step"));
        Assert.Equal("fold 1 of 2, after epoch 3, best epoch 1", Row(output, "early stop"));
        Assert.Equal("fold 1 of 2, disk full", Row(output, "error"));
    }

    [Fact]
    public void A_repeated_run_shows_which_seed_of_how_many_is_trained()
    {
        const string first = "\"seed\":5,\"first_seed\":5,\"seeds\":3,\"epochs\":30";
        const string second = "\"time\":\"1970-01-01T00:01:40Z\",\"seed\":6,\"first_seed\":5,\"seeds\":3,\"epochs\":30";
        const string output = $$"""
            run=r
            session=yes
            process=7
            log_changed=100
            [progress]
            {{{first}},"event":"epoch","time":"1970-01-01T00:01:30Z","epoch":30,"val_uar":0.9,"best":true}
            {{{first}},"event":"end","time":"1970-01-01T00:01:30Z"}
            {{{second}},"event":"epoch","epoch":3,"val_uar":0.7,"best":true,"remaining_seconds":60}
            {{{second}},"event":"step","epoch":4,"step":4,"steps":9}

            """;
        Assert.Equal("3 of 30, seed 6 (2 of 3), up to 60 s left in this seed", Row(output, "epoch"));
        Assert.Equal("4 of 9 in epoch 4, seed 6 (2 of 3)", Row(output, "step"));
        Assert.EndsWith("in epoch 3", Row(output, "best"), StringComparison.Ordinal);
        var progress = RunStatus.Parse($"now=100\n{output}").Progress!;
        Assert.Equal((1 + ((3 + (4.0 / 9)) / 30)) / 3, progress.Fraction, 1e-12);
    }

    [Theory]
    [InlineData("memory_kib=2097152\nmemory_free_kib=1048576\n", "1.0 GiB free of 2.0 GiB")]
    [InlineData(
        "memory_kib=2097152\nmemory_free_kib=1048576\nprocess=7\nused_kib=512\n",
        "0.5 MiB used by the run, 1.0 GiB free of 2.0 GiB"
    )]
    public void The_memory_lists_what_is_known(string output, string memory) =>
        Assert.Equal(memory, Row($"run=r\nsession=yes\n{output}", "memory"));

    [Theory]
    [InlineData("", "2 of 30, up to 60 s left")]
    [InlineData("fold 2/5 ", "2 of 30, fold 2 of 5, up to 60 s left in this fold")]
    public void The_epoch_lists_fold_and_time(string fold, string epoch)
    {
        var line =
            $"{fold}epoch 2/30  loss 0.5123  accuracy 0.8012  val_loss 0.7001  val_accuracy 0.7500  "
            + "val_uar 0.7333  lr 0.0005  1.2 s  600 clips/s  up to 0:01:00 left";
        Assert.Equal(epoch, Row($"run=r\nsession=yes\nprocess=7\nlog_changed=100\n[epochs]\n{line}\n", "epoch"));
    }

    private static string Row(string output, string name)
    {
        var target = new RemoteTarget(new LocalMachine(), new TmuxJobRunner(), "f", "s", ["--to", "local"]);
        var lines = StatusView.FormatLines(RunStatus.Parse($"now=100\n{output}"), target, width: null);
        return Assert.Single(lines, line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Trim();
    }
}
