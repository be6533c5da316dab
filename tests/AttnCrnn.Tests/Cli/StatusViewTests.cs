using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Machines;

namespace AttnCrnn.Tests.Cli;

/// <summary>The status that monitor prints for a run.</summary>
public sealed class StatusViewTests
{
    private const string Resume = "resume it with  attn-crnn deploy --resume r --to local";

    [Theory]
    [InlineData("run=\nsession=no\n", "no session")]
    [InlineData("run=r\nsession=yes\nlog_changed=90\n", "starting, session s")]
    [InlineData("run=r\nsession=yes\nprocess=7\nlog_changed=90\n", "training, session s, process 7")]
    [InlineData("run=r\nsession=no\nprocess=7\nlog_changed=90\n", "training, no session, process 7")]
    [InlineData("run=r\nsession=no\nexit_code=0\n", "ended with 0")]
    [InlineData("run=r\nsession=no\nexit_code=0\nfetched=95\n", "ended with 0, fetched")]
    [InlineData("run=r\nsession=yes\nexit_code=0\n", "ended with 0, session s is kept until the results are fetched")]
    [InlineData("run=r\nsession=no\nexit_code=3\nfetched=95\n", $"ended with 3: {Resume}, fetched")]
    [InlineData("run=r\nsession=no\nlog_changed=90\n", $"interrupted, no process and no exit code: {Resume}")]
    public void The_state_lists_what_is_known(string output, string state) => Assert.Equal(state, Row(output, "state"));

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
        var target = new RemoteTarget(new LocalMachine(), new TmuxJobRunner(), "f", "s", " --to local");
        var lines = StatusView.FormatLines(RunStatus.Parse($"now=100\n{output}"), target, width: null);
        return Assert.Single(lines, line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Trim();
    }
}
