using AttnCrnn.Deployment;
using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.IntegrationTests.Deployment;

/// <summary>Running runs with a real sshd, tmux and rsync on this machine.</summary>
[Requires("sshd")]
public sealed class DeployedRunTests
{
    private const UnixFileMode OtherPermissions =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    [Fact]
    public async Task Repeating_the_command_does_not_affect_a_running_run()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        var run = RemoteRun.DeployLong(laptop);

        var secondResult = laptop.Deploy(RemoteRun.LongTraining);

        Assert.True(secondResult.Code == 0 && RemoteRun.Value(secondResult.Output, "run") == run, secondResult.Error);
        Assert.Contains("is already running", secondResult.Error, StringComparison.Ordinal);
        Assert.Contains("attn_crnn_v2: 1 windows", server.Tmux("list-sessions"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_owner_can_read_a_runs_remote_files()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        RemoteRun.DeployLong(laptop);
        var paths = Directory
            .EnumerateFileSystemEntries(Path.Combine(server.Home, "attn_crnn_v2"), "*", SearchOption.AllDirectories)
            .ToList();
        Assert.NotEmpty(paths);
        foreach (var path in paths)
            Assert.True(OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & OtherPermissions) == 0, path);
    }

    [Fact]
    public async Task Another_run_in_a_busy_session_is_rejected_with_the_alternatives()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        var run = RemoteRun.DeployLong(laptop);

        var (code, _, error) = laptop.Deploy(RemoteRun.OtherTraining);

        Assert.True(code == 3, error);
        foreach (var word in (string[])["--attach", "--replace", "--name", run])
            Assert.Contains(word, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_running_run_is_not_started_again_in_another_session()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        var run = RemoteRun.DeployLong(laptop);

        var rejection = laptop.Deploy("--resume", run, "--name", "other");

        Assert.True(rejection.Code == 3, rejection.Error);
        Assert.Contains(run, rejection.Error, StringComparison.Ordinal);
        Assert.Contains("--name attn_crnn_v2", rejection.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("2/4", rejection.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(server.Home, "attn_crnn_v2", "sessions", "other")));
    }

    [Fact]
    public async Task A_running_run_is_detected_at_the_latest_before_its_start_removes_anything()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        var run = RemoteRun.DeployLong(laptop);
        var folder = Path.Combine(server.Home, "attn_crnn_v2");

        var start = Script.Create("start", new TmuxJobRunner(), folder, "other", run, "exit 0", "none", "");
        var exception = await Assert.ThrowsAsync<InvalidRemoteRequestException>(() =>
            server.Host.RunAsync(start, TestContext.Current.CancellationToken)
        );

        Assert.Contains("in the session attn_crnn_v2", exception.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "logs", run, "pid")));
        Assert.DoesNotContain("other: ", server.Tmux("list-sessions"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Suggested_commands_include_host_folder_and_session()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        const string dir = "a $(touch pwned) 'q'\nline";
        string[] location = ["--dir", dir, "--name", "mine"];
        var run = RemoteRun.Value(
            laptop
                .Deploy([.. location, "--", "--data_dirs", "store", "--epochs", "20000", "--patience", "20000"])
                .Output,
            "run"
        );
        var state = "";
        await RemoteRun.WaitUntil(() =>
            (state = laptop.Run(["monitor", "--host", SshServer.Name, .. location]).Output).Contains(
                "checkpoint resume/",
                StringComparison.Ordinal
            )
        );
        Assert.Matches("features +3 files", state);
        var output = laptop.Run(["stop", "--host", SshServer.Name, .. location]).Output;
        Assert.Contains(
            $"attn-crnn deploy --resume {run} --host {SshServer.Name} --dir 'a $(touch pwned) ",
            output,
            StringComparison.Ordinal
        );
        Assert.Contains("--name mine", output, StringComparison.Ordinal);
        Assert.Contains(
            "--name mine",
            laptop.Run(["monitor", "--host", SshServer.Name, .. location]).Output,
            StringComparison.Ordinal
        );
        var unknown = laptop.Run(["fetch", "--host", SshServer.Name, "--dir", dir, "--name", "other"]);
        // The newest run on the machine.
        Assert.True(unknown.Code == 0 && unknown.Output.Contains(run, StringComparison.Ordinal), unknown.Error);
    }
}
