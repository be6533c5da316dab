using System.Text.Json;
using AttnCrnn.Corpora.Synthetic;
using AttnCrnn.Deployment;
using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.Tests.Deployment;

/// <summary>Runs on a machine that a real sshd, tmux and rsync make of this one.</summary>
[Requires("sshd")]
public sealed class DeployedRunTests
{
    [Fact]
    public async Task The_whole_way_on_the_demo_corpus_from_deploy_to_the_report_here()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        DemoCorpus.Generate(
            laptop.At("d"),
            speakers: 4,
            clipsPerEmotion: 1,
            cancellationToken: TestContext.Current.CancellationToken
        );
        var extracted = laptop.Run(
            "extract",
            Path.Combine("d", "clips.csv"),
            "--encoder",
            "log-mel",
            "--out",
            "features"
        );
        Assert.True(extracted.Code == 0, extracted.Error);

        var deployed = laptop.Deploy("--", "--data_dirs", "features", "--epochs", "2", "--copies", "1");
        Assert.True(deployed.Code == 0, deployed.Error);
        foreach (var step in (string[])["1/4 checks and directories", "2/4 upload", "3/4 environment", "4/4 training"])
            Assert.Matches($"{step}\n(.|\n)*{step}: done in ", deployed.Error);
        var run = Value(deployed.Output, "run");

        var watched = laptop.Run("monitor", "--host", SshServer.Name, "-c");
        Assert.True(watched.Code == 0, watched.Error);
        Assert.Contains("epoch 2/2  loss ", watched.Output, StringComparison.Ordinal);
        Assert.Contains("  best so far: epoch 1, val_accuracy ", watched.Output, StringComparison.Ordinal);
        Assert.Contains("all verified by hash", watched.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(laptop.At("analysis_results", "latest", "report.html")));
        Assert.Equal(run, new FileInfo(laptop.At("analysis_results", "latest")).LinkTarget);
        Assert.True(File.Exists(laptop.At("checkpoints", run, "best_attn_crnn_model.keras")));

        using var status = JsonDocument.Parse(laptop.Run("monitor", "--host", SshServer.Name, "--json").Output);
        Assert.Equal("ended", status.RootElement.GetProperty("state").GetString());
        Assert.Equal(0, status.RootElement.GetProperty("exit_code").GetInt32());
        Assert.Equal(2, status.RootElement.GetProperty("epochs").GetInt32());
        Assert.True(status.RootElement.GetProperty("best").GetProperty("val_accuracy").GetDouble() > 0);
        Assert.True(status.RootElement.GetProperty("features")[0].GetProperty("files").GetInt32() >= 3);

        // Its clips are found where they came from, though the configuration names them as they are there.
        Directory.Move(Path.Combine(server.Home, "attn_crnn_v2"), Path.Combine(server.Home, "moved"));
        var evaluated = laptop.Run("evaluate", run, "--json", "--quiet");
        Assert.True(
            evaluated.Code == 0 && evaluated.Output.Contains("\"uar\"", StringComparison.Ordinal),
            evaluated.Error
        );
    }

    [Fact]
    public async Task A_run_is_not_disturbed_by_another_deployment_and_can_be_stopped_resumed_and_replaced()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        string[] line = ["--", "--data_dirs", "store", "--epochs", "20000", "--patience", "20000"],
            other = ["--", "--data_dirs", "store", "--epochs", "10000", "--patience", "10000"];

        var first = laptop.Deploy(line);
        Assert.True(first.Code == 0, first.Error);
        var run = Value(first.Output, "run");
        Assert.Contains("attn_crnn_v2: 1 windows", server.Tmux("list-sessions"), StringComparison.Ordinal);
        OnlyTheOwnerReads(server.Home);

        var again = laptop.Deploy(line); // the same: nothing to do
        Assert.True(again.Code == 0 && Value(again.Output, "run") == run, again.Error);
        Assert.Contains("is at work already", again.Error, StringComparison.Ordinal);
        var refused = laptop.Deploy(other);
        Assert.True(refused.Code == 3, refused.Error);
        foreach (var way in (string[])["--attach", "--replace", "--name", run])
            Assert.Contains(way, refused.Error, StringComparison.Ordinal);

        var beside = laptop.Deploy(["--name", "attn_crnn_v2_b", .. other]);
        Assert.True(beside.Code == 0, beside.Error);
        Assert.NotEqual(run, Value(beside.Output, "run"));

        // tmux takes attn_crnn_v2 for attn_crnn_v2_b where the first is gone; nothing here may.
        var stopped = laptop.Run("stop", "--host", SshServer.Name);
        Assert.True(
            stopped.Code == 0
                && stopped.Output.Contains($"{run} ended with 130; its checkpoint is kept", StringComparison.Ordinal),
            stopped.Output + stopped.Error
        );
        Assert.DoesNotContain("attn_crnn_v2: ", server.Tmux("list-sessions"), StringComparison.Ordinal);
        Assert.Contains("attn_crnn_v2_b: ", server.Tmux("list-sessions"), StringComparison.Ordinal);
        Assert.Contains(
            "had ended with 130",
            laptop.Run("stop", "--host", SshServer.Name).Output,
            StringComparison.Ordinal
        );

        var epochs = EpochOf(laptop);
        var resumed = laptop.Deploy("--resume", run);
        Assert.True(resumed.Code == 0 && Value(resumed.Output, "run") == run, resumed.Error);
        Assert.True(EpochOf(laptop) >= epochs);
        var replaced = laptop.Deploy(["--replace", .. other]);
        Assert.True(replaced.Code == 0 && Value(replaced.Output, "run") != run, replaced.Error);
        string Ended(string name) => Path.Combine(server.Home, "attn_crnn_v2", "logs", name, "exit_code");
        Assert.Equal("130", File.ReadAllText(Ended(run)).Trim());

        // The session goes, and the training does not: it is found by its process, ends when it is asked to, and the same command goes on with it.
        server.Tmux("kill-server");
        var last = Value(replaced.Output, "run");
        var asked = laptop.Run("stop", "--host", SshServer.Name);
        Assert.True(
            asked.Code == 0
                && asked.Output.Contains($"{last} ", StringComparison.Ordinal)
                && asked.Output.Contains("ended with 130", StringComparison.Ordinal),
            asked.Output + asked.Error
        );
        Assert.Equal("130", File.ReadAllText(Ended(last)).Trim());
        Assert.Equal(last, Value(laptop.Deploy(other).Output, "run"));
    }

    [Fact]
    public async Task A_run_at_work_is_not_begun_a_second_time_in_another_session()
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

        // Where it was not seen so early: as the last step, before anything is removed.
        var start = Script.Create("start", new TmuxJobRunner(), folder, "other", run, "exit 0", "none", "");
        var late = await Assert.ThrowsAsync<RemoteRefusedException>(() =>
            server.Host.RunAsync(start, TestContext.Current.CancellationToken)
        );
        Assert.Contains("in the session attn_crnn_v2", late.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "logs", run, "pid")));
        Assert.DoesNotContain("other: ", server.Tmux("list-sessions"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_of_the_same_name_that_another_folder_started_is_left_alone()
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
        Assert.Equal(0, laptop.Deploy(line).Code); // in the folder of the usual name

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
    public async Task A_run_whose_machine_is_gone_goes_on_elsewhere_from_what_was_fetched()
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
        Assert.Contains(
            $"{run} is not there any more: it goes there from its copy here",
            resumed.Error,
            StringComparison.Ordinal
        );
        // The whole log, which went along: its last lines are other ones soon.
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
    public async Task A_model_that_a_run_begins_with_goes_along_whatever_its_name_and_is_found_again_elsewhere()
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

        // Another file of that name is another run; and none at all is said before anything is asked.
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
    public async Task The_machine_is_switched_off_when_the_results_were_fetched_or_in_time()
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
    public async Task The_machine_is_not_switched_off_under_another_run_nor_by_a_session_that_was_closed()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        string[] host = ["--host", SshServer.Name];
        // Between two looks at whether the machine may be switched off, a session sleeps for 2 seconds.
        var sleeps = server.At("sleeps");
        server.ReplaceThere("sleep", $"echo \"$1\" >>'{sleeps}'\nexec /usr/bin/sleep \"$@\"");
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

        // A session that waits, and is closed for another training, waits no longer.
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
        // Who would switch it off is gone.
        await Until(() => !Directory.Exists($"/proc/{session}"));
        Assert.Null(server.Shutdown);
        Assert.Contains(
            "the machine stays on, unless that run was started with it",
            laptop.Deploy("--stop_when_done", "--", "--data_dirs", "store", "--epochs", "3").Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_is_said_to_go_on_with_names_the_machine_and_the_session_again()
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
        Assert.True(unknown.Code == 0 && unknown.Output.Contains(run, StringComparison.Ordinal), unknown.Error); // the newest that is there
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
