using System.Text.Json;
using AttnCrnn.Deployment;
using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.IntegrationTests.Deployment;

/// <summary>Deployed runs with a real sshd, tmux and rsync on this machine.</summary>
[Requires("sshd")]
public sealed class DeployedRunTests
{
    private static readonly string[] Long = ["--", "--data_dirs", "store", "--epochs", "20000", "--patience", "20000"];
    private static readonly string[] Other = ["--", "--data_dirs", "store", "--epochs", "10000", "--patience", "10000"];

    [Fact]
    public async Task The_same_command_leaves_a_running_run_alone()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        var run = DeployLong(laptop);

        var again = laptop.Deploy(Long);

        Assert.True(again.Code == 0 && Value(again.Output, "run") == run, again.Error);
        Assert.Contains("is at work already", again.Error, StringComparison.Ordinal);
        Assert.Contains("attn_crnn_v2: 1 windows", server.Tmux("list-sessions"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_owner_can_read_a_runs_remote_files()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        DeployLong(laptop);
        OnlyTheOwnerReads(server.Home);
    }

    [Fact]
    public async Task Another_run_in_a_busy_session_is_rejected_with_the_alternatives()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        var run = DeployLong(laptop);

        var (code, _, error) = laptop.Deploy(Other);

        Assert.True(code == 3, error);
        foreach (var fact in (string[])["--attach", "--replace", "--name", run])
            Assert.Contains(fact, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_a_run_keeps_its_checkpoint_and_a_session_whose_name_begins_alike()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        var run = DeployLong(laptop);
        var second = laptop.Deploy(["--name", "attn_crnn_v2_b", .. Other]);
        Assert.True(second.Code == 0, second.Error);
        Assert.NotEqual(run, Value(second.Output, "run"));

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
        var run = DeployLong(laptop);
        laptop.Run("stop", "--host", SshServer.Name);
        var epochs = EpochOf(laptop);

        var resumed = laptop.Deploy("--resume", run);
        Assert.True(resumed.Code == 0 && Value(resumed.Output, "run") == run, resumed.Error);
        Assert.True(EpochOf(laptop) >= epochs);

        var replaced = laptop.Deploy(["--replace", .. Other]);
        Assert.True(replaced.Code == 0 && Value(replaced.Output, "run") != run, replaced.Error);
        Assert.Equal("130", ExitCodeOf(server, run));
    }

    [Fact]
    public async Task A_run_whose_session_was_killed_is_stopped_by_its_process_and_resumed()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        var run = DeployLong(laptop);
        server.Tmux("kill-server");

        var (code, output, error) = laptop.Run("stop", "--host", SshServer.Name);

        Assert.True(
            code == 0
                && output.Contains($"{run} ", StringComparison.Ordinal)
                && output.Contains("ended with 130", StringComparison.Ordinal),
            output + error
        );
        Assert.Equal("130", ExitCodeOf(server, run));
        Assert.Equal(run, Value(laptop.Deploy(Long).Output, "run"));
    }

    [Fact]
    public async Task A_running_run_is_not_started_again_in_another_session()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        var deployed = laptop.Deploy("--", "--data_dirs", "store", "--epochs", "20000", "--patience", "20000");
        Assert.True(deployed.Code == 0, deployed.Error);
        var (run, folder) = (Value(deployed.Output, "run"), Path.Combine(server.Home, "attn_crnn_v2"));

        var refused = laptop.Deploy("--resume", run, "--name", "other");
        Assert.True(refused.Code == 3, refused.Error);
        Assert.Contains(
            $"{run} is already running in the session attn_crnn_v2: with --name attn_crnn_v2, ",
            refused.Error,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("2/4", refused.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder, "sessions", "other")));

        // If it was not detected that early: in the last step, before anything is removed.
        var start = Script.Create("start", new TmuxJobRunner(), folder, "other", run, "exit 0", "none", "");
        var late = await Assert.ThrowsAsync<InvalidRemoteRequestException>(() =>
            server.Host.RunAsync(start, TestContext.Current.CancellationToken)
        );
        Assert.Contains("in the session attn_crnn_v2", late.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "logs", run, "pid")));
        Assert.DoesNotContain("other: ", server.Tmux("list-sessions"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_of_the_same_name_from_another_folder_is_left_alone()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        string[] line = ["--", "--data_dirs", "store", "--epochs", "20000", "--patience", "20000"],
            ours = ["--host", SshServer.Name, "--dir", "ours; $(touch gotcha) 'q'\n;"];
        var run = Value(laptop.Deploy("--dir", ours[3], "--", "--data_dirs", "store", "--epochs", "1").Output, "run");
        await Until(() =>
            File.Exists(Path.Combine(server.Home, ours[3], "logs", run, "exit_code"))
            && server.Tmux("list-sessions").Length == 0
        );
        Assert.Equal(0, laptop.Deploy(line).Code); // in the default folder

        var refused = laptop.Deploy(["--dir", ours[3], .. line]);
        Assert.True(
            refused.Code == 3
                && refused.Error.Contains("--name", StringComparison.Ordinal)
                && refused.Error.Contains("was not started from", StringComparison.Ordinal),
            refused.Error
        );
        var state = laptop.Run(["monitor", .. ours]).Output;
        Assert.Matches("state +ended with 0\n", state);
        Assert.Contains(
            "the session attn_crnn_v2 belongs to another folder or to the user",
            state,
            StringComparison.Ordinal
        );
        Assert.Contains("had ended with 0", laptop.Run(["stop", .. ours]).Output, StringComparison.Ordinal);
        await server.Host.RunAsync(
            Script.Create("remove", new TmuxJobRunner(), Path.Combine(server.Home, ours[3]), "attn_crnn_v2", run),
            TestContext.Current.CancellationToken
        );

        Assert.Contains(
            "training, session attn_crnn_v2",
            laptop.Run("monitor", "--host", SshServer.Name).Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_run_whose_machine_is_gone_resumes_elsewhere_from_its_local_copy()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        var run = Value(
            laptop.Deploy("--", "--data_dirs", "store", "--epochs", "20000", "--patience", "20000").Output,
            "run"
        );
        string Log(string folder) => File.ReadAllText(Path.Combine(server.Home, folder, "logs", run, "remote.log"));
        await Until(() => Log("attn_crnn_v2").Contains("epoch 2/20000", StringComparison.Ordinal));
        laptop.Run("stop", "--host", SshServer.Name);
        Assert.Equal(0, laptop.Run("fetch", "--host", SshServer.Name).Code);
        Directory.Delete(Path.Combine(server.Home, "attn_crnn_v2"), recursive: true);

        var resumed = laptop.Deploy("--resume", run, "--dir", "elsewhere");
        Assert.True(resumed.Code == 0, resumed.Error);
        Assert.Contains($"{run} no longer exists on the machine", resumed.Error, StringComparison.Ordinal);
        // The whole log, which was copied along: its last lines soon change.
        string[] parts = [];
        await Until(() =>
            (parts = Log("elsewhere").Split($"run {run}\n")).Length == 3
            && parts[2].Contains("epoch ", StringComparison.Ordinal)
        );
        Assert.True(parts[1].Contains("epoch 1/20000", StringComparison.Ordinal), string.Join("\n====\n", parts));
        Assert.DoesNotContain("epoch 1/20000", parts[2], StringComparison.Ordinal);
        var nobody = laptop.Deploy("--resume", "attn_crnn_v2_19990101_000000", "--dir", "third", "--name", "third");
        Assert.True(
            nobody.Code == 3 && nobody.Error.Contains("no run attn_crnn_v2_19990101_000000", StringComparison.Ordinal),
            nobody.Error
        );
    }

    [Fact]
    public async Task An_initial_model_is_uploaded_under_any_name_and_found_elsewhere()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        var first = laptop.Run("train", "--data_dirs", "store", "--epochs", "1");
        Assert.True(first.Code == 0, first.Error);
        const string theirs = "their $(touch pwned) 'model'.keras";
        File.Move(
            laptop.At("checkpoints", Value(first.Output, "run"), "best_attn_crnn_model.keras"),
            laptop.At(theirs)
        );

        string[] line = ["--", "--data_dirs", "store", "--epochs", "1", "--init", theirs];
        var run = Value(laptop.Deploy(line).Output, "run");
        var watched = laptop.Run("monitor", "--host", SshServer.Name, "-c");
        Assert.True(watched.Code == 0, watched.Error);
        Assert.Contains(
            $"{server.Home}/attn_crnn_v2/data/init-",
            File.ReadAllText(laptop.At("logs", run, "remote.log")),
            StringComparison.Ordinal
        );
        Assert.Contains("is done: fetch it", laptop.Deploy(line).Error, StringComparison.Ordinal);

        Directory.Delete(Path.Combine(server.Home, "attn_crnn_v2"), recursive: true);
        var elsewhere = laptop.Deploy("--resume", run, "--dir", "elsewhere");
        Assert.True(elsewhere.Code == 0, elsewhere.Error);
        Assert.Single(Directory.GetFiles(Path.Combine(server.Home, "elsewhere", "data"), "init-*.keras"));

        // Another file of that name is another run; a missing one is reported before the machine is contacted.
        File.WriteAllText(laptop.At(theirs), "no model");
        Assert.Equal(3, laptop.Deploy(line).Code);
        File.Delete(laptop.At(theirs));
        var missing = laptop.Deploy(line);
        Assert.True(
            missing.Code == 3 && missing.Error.Contains("no such file", StringComparison.Ordinal),
            missing.Error
        );
    }

    [Fact]
    public async Task The_machine_is_switched_off_after_the_fetch_or_the_time_limit()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        Assert.Equal(0, laptop.Deploy("--stop_when_done", "--", "--data_dirs", "store", "--epochs", "1").Code);
        await Until(() =>
            laptop
                .Run("monitor", "--host", SshServer.Name)
                .Output.Contains("ended with 0, session attn_crnn_v2 waits to be fetched", StringComparison.Ordinal)
        );
        Assert.Null(server.Shutdown);
        Assert.Equal(0, laptop.Run("fetch", "--host", SshServer.Name).Code);
        await Until(() => server.Shutdown is not null);
        Assert.Equal("-h now", server.Shutdown);

        File.Delete(server.At("shutdown"));
        Assert.Equal(
            0,
            laptop.Deploy("--stop_when_done", "--fetch_within", "0", "--", "--data_dirs", "store", "--epochs", "2").Code
        );
        await Until(() => server.Shutdown is not null);
    }

    [Fact]
    public async Task The_machine_stays_on_for_other_runs_and_after_a_closed_session()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        string[] host = ["--host", SshServer.Name];
        // A session sleeps for 2 seconds between two checks whether the machine may be switched off.
        var sleeps = server.At("sleeps");
        server.ReplaceRemoteProgram("sleep", $"echo \"$1\" >>'{sleeps}'\nexec /usr/bin/sleep \"$@\"");
        int Waits() => File.Exists(sleeps) ? File.ReadLines(sleeps).Count(seconds => seconds == "2") : 0;
        Assert.Equal(
            0,
            laptop
                .Deploy("--name", "long", "--", "--data_dirs", "store", "--epochs", "20000", "--patience", "20000")
                .Code
        );
        Assert.Equal(
            0,
            laptop.Deploy("--stop_when_done", "--fetch_within", "0", "--", "--data_dirs", "store", "--epochs", "1").Code
        );
        await Until(() => Waits() >= 2);
        Assert.Null(server.Shutdown);
        Assert.Equal(0, laptop.Run(["stop", .. host, "--name", "long"]).Code);
        await Until(() => server.Shutdown is not null);

        // A waiting session that is closed for another training stops waiting.
        File.Delete(server.At("shutdown"));
        Assert.Equal(0, laptop.Deploy("--stop_when_done", "--", "--data_dirs", "store", "--epochs", "2").Code);
        await Until(() =>
            laptop
                .Run(["monitor", .. host])
                .Output.Contains("ended with 0, session attn_crnn_v2 waits to be fetched", StringComparison.Ordinal)
        );
        var waiting = Value(laptop.Run(["monitor", .. host]).Output, "run");
        var session = server.Tmux("list-panes", "-s", "-t", "=attn_crnn_v2", "-F", "#{pane_pid}").Trim();
        Assert.Equal(0, laptop.Deploy("--", "--data_dirs", "store", "--epochs", "3").Code);
        await Until(() => laptop.Run(["monitor", .. host]).Output.Contains("ended with 0", StringComparison.Ordinal));
        Assert.Equal(0, laptop.Run(["fetch", waiting, .. host]).Code);
        // Nothing is left that would switch the machine off.
        await Until(() => !Directory.Exists($"/proc/{session}"));
        Assert.Null(server.Shutdown);
        Assert.Contains(
            "the machine stays on, unless that run was started with it",
            laptop.Deploy("--stop_when_done", "--", "--data_dirs", "store", "--epochs", "3").Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Suggested_commands_include_host_folder_and_session()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        const string dir = "a $(touch pwned) 'q'\nline";
        string[] where = ["--dir", dir, "--name", "mine"];
        var run = Value(
            laptop.Deploy([.. where, "--", "--data_dirs", "store", "--epochs", "20000", "--patience", "20000"]).Output,
            "run"
        );
        var state = "";
        await Until(() =>
            (state = laptop.Run(["monitor", "--host", SshServer.Name, .. where]).Output).Contains(
                "checkpoint resume/",
                StringComparison.Ordinal
            )
        );
        Assert.Matches("features +3 files", state);
        var stopped = laptop.Run(["stop", "--host", SshServer.Name, .. where]).Output;
        Assert.Contains(
            $"attn-crnn deploy --resume {run} --host {SshServer.Name} --dir 'a $(touch pwned) ",
            stopped,
            StringComparison.Ordinal
        );
        Assert.Contains("--name mine", stopped, StringComparison.Ordinal);
        Assert.Contains(
            "--name mine",
            laptop.Run(["monitor", "--host", SshServer.Name, .. where]).Output,
            StringComparison.Ordinal
        );
        var unknown = laptop.Run(["fetch", "--host", SshServer.Name, "--dir", dir, "--name", "other"]);
        // The newest run on the machine.
        Assert.True(unknown.Code == 0 && unknown.Output.Contains(run, StringComparison.Ordinal), unknown.Error);
    }

    /// <summary>A line of a command's result.</summary>
    internal static string Value(string output, string name) =>
        output.Split('\n').First(line => line.StartsWith(name + " ", StringComparison.Ordinal))[name.Length..].Trim();

    internal static async Task Until(Func<bool> happened)
    {
        for (var attempt = 0; attempt < 600 && !happened(); attempt++)
            await Task.Delay(100);
        Assert.True(happened());
    }

    /// <summary>Deploys a run that does not end by itself, and returns its name.</summary>
    private static string DeployLong(Laptop laptop)
    {
        var (code, output, error) = laptop.Deploy(Long);
        Assert.True(code == 0, error);
        return Value(output, "run");
    }

    private static string ExitCodeOf(SshServer server, string run) =>
        File.ReadAllText(Path.Combine(server.Home, "attn_crnn_v2", "logs", run, "exit_code")).Trim();

    private static int EpochOf(Laptop laptop)
    {
        using var status = JsonDocument.Parse(laptop.Run("monitor", "--host", SshServer.Name, "--json").Output);
        return status.RootElement.GetProperty("epoch") is { ValueKind: JsonValueKind.Number } epoch
            ? epoch.GetInt32()
            : 0;
    }

    private static void OnlyTheOwnerReads(string home)
    {
        const UnixFileMode others =
            UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if (OperatingSystem.IsWindows())
            return;
        foreach (
            var path in Directory.EnumerateFileSystemEntries(
                Path.Combine(home, "attn_crnn_v2"),
                "*",
                SearchOption.AllDirectories
            )
        )
            Assert.True((File.GetUnixFileMode(path) & others) == 0, path);
    }
}
