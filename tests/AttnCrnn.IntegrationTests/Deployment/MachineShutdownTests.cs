namespace AttnCrnn.IntegrationTests.Deployment;

/// <summary>When deploy --stop_when_done switches the machine off.</summary>
[Requires("sshd")]
public sealed class MachineShutdownTests
{
    private static readonly string[] StopWithoutWaiting = ["--stop_when_done", "--fetch_within", "0"];

    [Fact]
    public async Task The_machine_is_switched_off_after_the_fetch()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        await DeployUntilItWaits(laptop, "1");
        Assert.Null(server.Shutdown);

        Assert.Equal(0, laptop.Run("fetch", "--host", SshServer.Name).Code);

        await RemoteRun.WaitUntil(() => server.Shutdown is not null);
        Assert.Equal("-h now", server.Shutdown);
    }

    [Fact]
    public async Task The_machine_is_switched_off_after_the_time_limit_for_the_fetch()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        var (code, _, error) = laptop.Deploy([.. StopWithoutWaiting, "--", "--data_dirs", "store", "--epochs", "1"]);
        Assert.True(code == 0, error);
        await RemoteRun.WaitUntil(() => server.Shutdown is not null);
    }

    [Fact]
    public async Task The_machine_stays_on_until_other_runs_have_ended()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        // A session sleeps for 2 seconds between two checks whether the machine may be switched off.
        var sleeps = server.PathOf("sleeps");
        server.ReplaceRemoteProgram("sleep", $"echo \"$1\" >>'{sleeps}'\nexec /usr/bin/sleep \"$@\"");
        int CountWaits() => File.Exists(sleeps) ? File.ReadLines(sleeps).Count(seconds => seconds == "2") : 0;
        Assert.Equal(0, laptop.Deploy(["--name", "long", .. RemoteRun.LongTraining]).Code);
        Assert.Equal(0, laptop.Deploy([.. StopWithoutWaiting, "--", "--data_dirs", "store", "--epochs", "1"]).Code);
        await RemoteRun.WaitUntil(() => CountWaits() >= 2);
        Assert.Null(server.Shutdown);

        Assert.Equal(0, laptop.Run("stop", "--host", SshServer.Name, "--name", "long").Code);

        await RemoteRun.WaitUntil(() => server.Shutdown is not null);
    }

    [Fact]
    public async Task A_waiting_session_closed_for_another_run_does_not_switch_the_machine_off()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        await DeployUntilItWaits(laptop, "2");
        var runName = RemoteRun.Value(laptop.Run("monitor", "--host", SshServer.Name).Output, "run");
        var session = server.Tmux("list-panes", "-s", "-t", "=attn_crnn_v2", "-F", "#{pane_pid}").Trim();

        Assert.Equal(0, laptop.Deploy("--", "--data_dirs", "store", "--epochs", "3").Code);

        await RemoteRun.WaitUntil(() => StateOf(laptop).Contains("ended with 0", StringComparison.Ordinal));
        Assert.Equal(0, laptop.Run("fetch", runName, "--host", SshServer.Name).Code);
        // Nothing is left that would switch the machine off.
        await RemoteRun.WaitUntil(() => !Directory.Exists($"/proc/{session}"));
        Assert.Null(server.Shutdown);
        // That run has ended: the option, which applies when a run is started, is reported as not applied.
        var (code, _, error) = laptop.Deploy("--stop_when_done", "--", "--data_dirs", "store", "--epochs", "3");
        Assert.True(code == 0, error);
        Assert.Contains("--stop_when_done", error, StringComparison.Ordinal);
    }

    private static async Task DeployUntilItWaits(Laptop laptop, string epochs)
    {
        var (code, _, error) = laptop.Deploy("--stop_when_done", "--", "--data_dirs", "store", "--epochs", epochs);
        Assert.True(code == 0, error);
        const string state = "ended with 0, session attn_crnn_v2 is kept";
        await RemoteRun.WaitUntil(() => StateOf(laptop).Contains(state, StringComparison.Ordinal));
    }

    private static string StateOf(Laptop laptop) => laptop.Run("monitor", "--host", SshServer.Name).Output;
}
