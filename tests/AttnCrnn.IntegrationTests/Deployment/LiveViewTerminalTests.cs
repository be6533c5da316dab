namespace AttnCrnn.IntegrationTests.Deployment;

/// <summary>What a terminal shows of a run that is followed.</summary>
[Requires("sshd")]
public sealed class LiveViewTerminalTests : IDisposable
{
    private const string Run = "attn_crnn_v2_20260101_000000";

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_epochs_are_a_table_instead_of_the_lines_of_the_log()
    {
        var logs = CreateRun();
        await File.WriteAllTextAsync(
            Path.Combine(logs, "remote.log"),
            $"run {Run}\n{Line(1)}\n{Line(2)}\nend of log\n"
        );
        await File.WriteAllTextAsync(Path.Combine(logs, "progress.jsonl"), $"{Event(1)}\n{Event(2)}\n");

        var screen = await FollowAsync();

        Assert.Contains("epoch    loss  accuracy  val_loss  val_accuracy  val_uar        lr      s  best", screen);
        Assert.Contains("  1/9  0.5000    0.6000    0.7000        0.5000   0.4000     0.001    2.5  best", screen);
        Assert.Single(screen, line => line.Contains(" 2/9 ", StringComparison.Ordinal));
        Assert.Contains("end of log", screen);
    }

    [Fact]
    public async Task A_run_of_version_0_1_shows_the_lines_of_its_log()
    {
        var logs = CreateRun();
        await File.WriteAllTextAsync(Path.Combine(logs, "remote.log"), $"run {Run}\n{Line(1)}\n");

        var screen = await FollowAsync();

        Assert.Contains(screen, line => line.StartsWith("epoch   1/9  loss 0.500 ", StringComparison.Ordinal));
        Assert.Contains("  best so far: epoch 1, val_accuracy 0.5000, UAR 0.4000", screen);
    }

    private async Task<IReadOnlyList<string>> FollowAsync()
    {
        string[] place = ["--to", "local", "--dir", folder.PathOf("remote")];
        using var terminal = new TerminalSession(folder.Path, 80, ["monitor", "-c", .. place]);
        return await terminal.WaitForExitAsync();
    }

    private static string Line(int epoch) =>
        $"epoch {epoch}/9  loss 0.5000  accuracy 0.6000  val_loss 0.7000  val_accuracy 0.5000  val_uar 0.4000  "
        + "lr 0.001  2.5 s  60 clips/s  up to 0:20 left"
        + (epoch == 1 ? "  best" : "");

    private static string Event(int epoch) =>
        $$"""{"event":"epoch","time":"2026-01-01T00:00:0{{epoch}}Z","epochs":9,"epoch":{{epoch}},"loss":0.5,"""
        + """ "accuracy":0.6,"val_loss":0.7,"val_accuracy":0.5,"val_uar":0.4,"learning_rate":0.001,"seconds":2.5,"""
        + $$""" "best":{{(epoch == 1 ? "true" : "false")}}}""";

    // The files of a run that has ended; returns the folder of its logs.
    private string CreateRun()
    {
        foreach (var part in (string[])["sessions", $"logs/{Run}", $"analysis_results/{Run}", $"checkpoints/{Run}"])
            Directory.CreateDirectory(folder.PathOf("remote", part));
        File.WriteAllText(folder.PathOf("remote", ".attn-crnn"), "");
        File.WriteAllText(folder.PathOf("remote", "sessions", "attn_crnn_v2"), $"{Run}\n\n");
        File.WriteAllText(folder.PathOf("remote", "analysis_results", Run, "config.json"), "{}");
        File.WriteAllText(folder.PathOf("remote", "logs", Run, "exit_code"), "0");
        return folder.PathOf("remote", "logs", Run);
    }
}
