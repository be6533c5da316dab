using AttnCrnn.Cli.Terminal;
using AttnCrnn.Deployment;
using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Monitoring;

namespace AttnCrnn.Tests.Deployment;

/// <summary>Parsing of the status that a machine reports.</summary>
public sealed class RunStatusTests
{
    private const string Epoch =
        "epoch 12/30  loss 0.5123  accuracy 0.8012  val_loss 0.7001  val_accuracy 0.7500  "
        + "val_uar 0.7333  lr 0.0005  1.2 s  600 clips/s  up to 1:02:03 left  best";

    [Fact]
    public void Epoch_lines_are_parsed_and_others_ignored()
    {
        var epoch = EpochLine.Parse(Epoch)!;
        Assert.Equal(
            (12, 30, 0.5123, 0.7333, 0.0005, true),
            (epoch.Epoch, epoch.Epochs, epoch.Loss, epoch.ValUar, epoch.LearningRate, epoch.IsBest)
        );
        Assert.Equal(new TimeSpan(1, 2, 3), epoch.TimeRemaining);
        Assert.Equal((2, 5), (EpochLine.Parse("fold 2/5 " + Epoch)!.Fold, EpochLine.Parse("fold 2/5 " + Epoch)!.Folds));
        foreach (var line in (string[])["", "epoch", Epoch[..60], "run epoch 1/2", Epoch + " ?"])
            Assert.Null(EpochLine.Parse(line));
    }

    [Fact]
    public void A_note_has_a_label_and_a_text()
    {
        var note = Assert.Single(RunStatus.Parse("note=job 7: PENDING: no node\n").Notes);
        Assert.Equal(new RunNote("job 7", "PENDING: no node"), note);
        Assert.Equal("job 7: PENDING: no node", note.ToString());
        Assert.Throws<RemoteException>(() => RunNote.Parse("no label"));
    }

    [Fact]
    public void A_change_of_the_learning_rate_is_reported_once()
    {
        var summary = new TrainingLogSummary();
        var epoch = EpochLine.Parse(Epoch)! with { IsBest = false };
        Assert.Empty(summary.Update(epoch));
        Assert.Equal(
            ["learning rate 0.0005 to 0.00025 from epoch 13"],
            summary.Update(
                epoch with
                {
                    Epoch = 13,

                    LearningRate = 0.00025,
                }
            )
        );
        Assert.Empty(
            summary.Update(
                epoch with
                {
                    Epoch = 14,

                    LearningRate = 0.00025,
                }
            )
        );
    }

    [Theory]
    [InlineData("now=100\nrun=\nsession=no\n", RunState.None)]
    [InlineData("now=100\nrun=r\nsession=no\n", RunState.Prepared)]
    [InlineData("now=100\nrun=r\nsession=yes\nlog_changed=90\n", RunState.Starting)]
    [InlineData("now=100\nrun=r\nsession=yes\nprocess=7\nlog_changed=90\n", RunState.Training)]
    [InlineData("now=100\nrun=r\nsession=no\nprocess=7\nlog_changed=90\n", RunState.Training)]
    [InlineData("now=100\nrun=r\nsession=no\nlog_changed=90\nexit_code=0\n", RunState.Ended)]
    [InlineData("now=100\nrun=r\nsession=no\nprocess=\nlog_changed=90\n", RunState.Interrupted)]
    public void A_state_follows_from_session_process_and_exit_code(string output, RunState state) =>
        Assert.Equal(state, RunStatus.Parse(output).State);

    [Fact]
    public void Remaining_time_counts_from_the_last_line_whatever_the_log_contains()
    {
        var status = RunStatus.Parse(
            $"now=1000\nrun=r\nsession=yes\nprocess=7\nheartbeat=997\nlog_changed=880\n"
                + $"[epochs]\n{Epoch}\n[log]\nnow=5\n[log]\n\n[epochs]\n"
        );
        Assert.Equal(TimeSpan.FromSeconds(3723 - 120), status.TimeRemaining);
        Assert.Equal(3, status.HeartbeatSeconds);
        Assert.Equal(["now=5", "[log]", "", "[epochs]"], status.LastLines);
        Assert.Equal(12, status.BestEpoch!.Epoch);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(40)]
    [InlineData(20)]
    public void Output_is_safe_for_a_terminal(int width)
    {
        foreach (
            var line in (string[])
                [
                    "fold 1/5 " + Epoch,
                    Epoch,
                    "  words that go on and on and on, and more of them, until nobody reads them",
                ]
        )
            Assert.All(LogText.Fit(line, Math.Max(width, 40)), part =>
                Assert.InRange(part.Length, 1, Math.Max(width, 40))
            );
        Assert.Equal(
            "state      training, session a b c d e f g h".Split(' ', StringSplitOptions.RemoveEmptyEntries),
            string.Join(' ', LogText.Wrap("state      training, session a b c d e f g h", width, 11))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        );
        Assert.Equal([Epoch], LogText.Fit(Epoch, null));
        Assert.Equal(
            ["checkpoint resume/state-000", "           0000540.safetens", "           ors, 1 s ago"],
            LogText.Wrap("checkpoint resume/state-0000000540.safetensors, 1 s ago", 27, 11)
        );
    }
}
