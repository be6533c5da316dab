namespace AttnCrnn.IntegrationTests.Deployment;

/// <summary>Runs that were stopped, killed or lost with their machine, and are resumed.</summary>
[Requires("sshd")]
public sealed class StoppedRunTests
{
    [Fact]
    public async Task Stopping_a_run_keeps_its_checkpoint_and_sessions_of_the_same_prefix()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        var run = RemoteRun.DeployLong(laptop);
        var secondDeployment = laptop.Deploy(["--name", "attn_crnn_v2_b", .. RemoteRun.OtherTraining]);
        Assert.True(secondDeployment.Code == 0, secondDeployment.Error);
        Assert.NotEqual(run, RemoteRun.Value(secondDeployment.Output, "run"));

        // tmux resolves attn_crnn_v2 to attn_crnn_v2_b once the first has ended; the program must not.
        var (code, output, error) = laptop.Run("stop", "--host", SshServer.Name);
        Assert.True(
            code == 0 && output.Contains($"{run} ended with 130; its checkpoint is kept", StringComparison.Ordinal),
            output + error
        );
        Assert.DoesNotContain("attn_crnn_v2: ", server.Tmux("list-sessions"), StringComparison.Ordinal);
        Assert.Contains("attn_crnn_v2_b: ", server.Tmux("list-sessions"), StringComparison.Ordinal);
        output = laptop.Run("stop", "--host", SshServer.Name).Output;
        Assert.Contains("had ended with 130", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stopped_run_is_resumed_from_its_checkpoint_and_can_be_replaced()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        var run = RemoteRun.DeployLong(laptop);
        laptop.Run("stop", "--host", SshServer.Name);
        var epochs = RemoteRun.EpochOf(laptop);

        var resumption = laptop.Deploy("--resume", run);
        Assert.True(resumption.Code == 0 && RemoteRun.Value(resumption.Output, "run") == run, resumption.Error);
        Assert.True(RemoteRun.EpochOf(laptop) >= epochs);

        var replacement = laptop.Deploy(["--replace", .. RemoteRun.OtherTraining]);
        Assert.True(replacement.Code == 0 && RemoteRun.Value(replacement.Output, "run") != run, replacement.Error);
        Assert.Equal("130", RemoteRun.ExitCodeOf(server, run));
    }

    [Fact]
    public async Task A_run_whose_session_was_killed_is_stopped_by_its_process_and_resumed()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        var run = RemoteRun.DeployLong(laptop);
        server.Tmux("kill-server");

        var (code, output, error) = laptop.Run("stop", "--host", SshServer.Name);

        Assert.True(
            code == 0
                && output.Contains($"{run} ", StringComparison.Ordinal)
                && output.Contains("ended with 130", StringComparison.Ordinal),
            output + error
        );
        Assert.Equal("130", RemoteRun.ExitCodeOf(server, run));
        Assert.Equal(run, RemoteRun.Value(laptop.Deploy(RemoteRun.LongTraining).Output, "run"));
    }

    [Fact]
    public async Task A_run_of_a_lost_machine_resumes_on_another_from_its_local_copy()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        var run = RemoteRun.Value(
            laptop.Deploy("--", "--data_dirs", "store", "--epochs", "20000", "--patience", "20000").Output,
            "run"
        );
        string Log(string folder) => File.ReadAllText(Path.Combine(server.Home, folder, "logs", run, "remote.log"));
        await RemoteRun.WaitUntil(() => Log("attn_crnn_v2").Contains("epoch 2/20000", StringComparison.Ordinal));
        laptop.Run("stop", "--host", SshServer.Name);
        Assert.Equal(0, laptop.Run("fetch", "--host", SshServer.Name).Code);
        Directory.Delete(Path.Combine(server.Home, "attn_crnn_v2"), recursive: true);

        var resumption = laptop.Deploy("--resume", run, "--dir", "elsewhere");
        Assert.True(resumption.Code == 0, resumption.Error);
        Assert.Contains($"{run} no longer exists on the machine", resumption.Error, StringComparison.Ordinal);
        // The whole log, which was copied along: its last lines soon change.
        string[] parts = [];
        await RemoteRun.WaitUntil(() =>
            (parts = Log("elsewhere").Split($"run {run}\n")).Length == 3
            && parts[2].Contains("epoch ", StringComparison.Ordinal)
        );
        Assert.True(parts[1].Contains("epoch 1/20000", StringComparison.Ordinal), string.Join("\n====\n", parts));
        Assert.DoesNotContain("epoch 1/20000", parts[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_exists_nowhere_is_not_resumed()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        var (code, _, error) = laptop.Deploy("--resume", "attn_crnn_v2_19990101_000000");
        Assert.True(code == 3, error);
        Assert.Contains("no run attn_crnn_v2_19990101_000000", error, StringComparison.Ordinal);
    }
}
