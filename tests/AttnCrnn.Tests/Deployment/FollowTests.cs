using System.Diagnostics;

namespace AttnCrnn.Tests.Deployment;

/// <summary>A log that grows there, looked at from here over connections and by programs that are killed.</summary>
[Requires("sshd")]
public sealed class FollowTests
{
    private const string Run = "attn_crnn_v2_20260101_000000";
    private const int Lines = 250;

    [Fact]
    public async Task Monitor_that_is_killed_and_cut_off_again_and_again_shows_every_line_once()
    {
        await using var server = await SshServer.Start(probability: false);
        using var laptop = new Laptop(server);
        using var writer = StartRun(
            server,
            $"for i in $(seq {Lines}); do echo \"line $i ä\" >>remote.log; sleep 0.02; done; printf 'no line end' >>remote.log; echo 7 >exit_code"
        );
        var dice = new Random(5);
        var shown = new List<string>();
        for (var start = 0; ; start++)
        {
            Assert.True(start < 20, "it does not come to an end");
            using var monitor = laptop.Start("monitor", "--host", SshServer.Name, "-c");
            var error = monitor.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var (cutAfter, killAfter) =
                start < 5 ? (dice.Next(1, 20), dice.Next(20, 40)) : (int.MaxValue, int.MaxValue);
            for (
                var count = 1;
                await monitor.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line;
                count++
            )
            {
                shown.Add(line);
                if (count == cutAfter)
                    server.CutConnections(); // it comes back by itself, with the next line
                if (count == killAfter)
                    monitor.Kill(entireProcessTree: true); // what it has printed still comes
            }
            await monitor.WaitForExitAsync(TestContext.Current.CancellationToken);
            if (monitor.ExitCode == 7)
                break;
            Assert.True(monitor.ExitCode == 137, await error);
        }
        var lines = shown.Where(line => line.StartsWith("line ", StringComparison.Ordinal) || line == "no line end");
        Assert.Equal(Enumerable.Range(1, Lines).Select(i => $"line {i} ä").Append("no line end"), lines);
    }

    [Fact]
    public async Task What_a_reader_who_went_did_not_see_is_shown_to_the_next_one()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        var log = Path.Combine(server.Home, "attn_crnn_v2", "logs", Run, "remote.log");
        using var writer = StartRun(
            server,
            "echo one >>remote.log; while [ -e pid ] && [ ! -e end ]; do sleep 0.1; done; echo 7 >exit_code"
        );
        using (var monitor = laptop.Start("monitor", "--host", SshServer.Name, "-c"))
        {
            Assert.Equal("one", await monitor.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
            monitor.StandardOutput.Close(); // as head does, or a pager that is left
            await File.AppendAllTextAsync(log, "two\nthree\n", TestContext.Current.CancellationToken);
            await DeployedRunTests.Until(() => monitor.HasExited);
            Assert.Equal(0, monitor.ExitCode);
            Assert.DoesNotContain(
                "attn-crnn: ",
                await monitor.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken),
                StringComparison.Ordinal
            );
            Assert.False(writer.HasExited);
        }
        await File.WriteAllTextAsync(
            Path.Combine(Path.GetDirectoryName(log)!, "end"),
            "",
            TestContext.Current.CancellationToken
        );
        var (code, output, error) = laptop.Run("monitor", "--host", SshServer.Name, "-c");
        Assert.True(code == 7 && output.StartsWith("two\nthree\n", StringComparison.Ordinal), output + error);
    }

    [Fact]
    public async Task Ctrl_C_ends_monitor_and_not_the_run()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        using var writer = StartRun(server, "while echo more >>remote.log; do sleep 0.1; done");
        using var monitor = laptop.Start("monitor", "--host", SshServer.Name, "-c");
        Assert.NotNull(await monitor.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        using (var kill = Process.Start("kill", ["-INT", $"{monitor.Id}"]))
            kill.WaitForExit();
        var said = await monitor.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await monitor.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(130, monitor.ExitCode);
        Assert.Contains("the run goes on there", said, StringComparison.Ordinal);
        Assert.False(writer.HasExited);
        writer.Kill(entireProcessTree: true);
    }

    [Fact]
    public async Task A_run_that_is_gone_without_a_word_is_told_from_one_that_ended()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        using (var writer = StartRun(server, "echo begun >>remote.log; sleep 100"))
        {
            Assert.Contains(
                $"training, no session, process {writer.Id}",
                laptop.Run("monitor", "--host", SshServer.Name).Output,
                StringComparison.Ordinal
            );
            writer.Kill(entireProcessTree: true);
            await writer.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        Assert.Contains(
            "cut off, no process and no exit code",
            laptop.Run("monitor", "--host", SshServer.Name).Output,
            StringComparison.Ordinal
        );
        var (code, output, error) = laptop.Run("monitor", "--host", SshServer.Name, "-c");
        Assert.True(code == 1 && output.StartsWith("begun\n", StringComparison.Ordinal), output + error);
        Assert.Contains($"deploy --resume {Run}", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_insists_where_a_run_does_not_end_when_asked()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        // As the run's own shell does: it writes how the training ended.
        using var writer = StartRun(server, "trap 'echo asked >>remote.log' INT; while [ -d . ]; do sleep 0.1; done");
        var stopped = laptop.Run("stop", "--host", SshServer.Name, "--grace", "1");
        Assert.True(
            stopped.Code == 0
                && stopped.Output.Contains("did not end within 1 s and was killed", StringComparison.Ordinal),
            stopped.Output + stopped.Error
        );
        Assert.True(writer.WaitForExit(5000));
        Assert.Contains(
            "asked",
            laptop.Run("monitor", "--host", SshServer.Name, "-l").Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_file_that_does_not_come_whole_is_copied_again_and_one_that_changed_here_too()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        using (var writer = StartRun(server, "echo done >>remote.log; echo 0 >exit_code"))
            await writer.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Contains(
            "4 files, 4 of them new",
            laptop.Run("fetch", "--host", SshServer.Name).Output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "4 files, 0 of them new",
            laptop.Run("fetch", "--host", SshServer.Name, Run).Output,
            StringComparison.Ordinal
        );
        var log = laptop.At("logs", Run, "remote.log");
        var time = File.GetLastWriteTimeUtc(log);
        File.WriteAllText(log, "dome\n"); // as many bytes, the same time: only the hash tells
        File.SetLastWriteTimeUtc(log, time);
        Assert.Contains(
            "4 files, 2 of them new",
            laptop.Run("fetch", "--host", SshServer.Name).Output,
            StringComparison.Ordinal
        );
        Assert.Equal("done\n", File.ReadAllText(log));
        var nobody = laptop.Run("fetch", "--host", SshServer.Name, "attn_crnn_v2_none");
        Assert.True(nobody.Code == 3 && nobody.Error.Contains(Run, StringComparison.Ordinal), nobody.Error);
    }

    [Fact]
    public async Task A_checkpoint_that_is_replaced_while_a_fetch_is_at_work_is_passed_over_and_the_new_one_comes()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        using var writer = StartRun(
            server,
            "mkdir -p ../../checkpoints/$0/resume; echo 1 >../../checkpoints/$0/resume/state-1; echo begun >>remote.log; while [ -e pid ]; do sleep 0.1; done"
        );
        var resume = Path.Combine(server.Home, "attn_crnn_v2", "checkpoints", Run, "resume");
        await DeployedRunTests.Until(() =>
            File.Exists(Path.Combine(Path.GetDirectoryName(resume)!, "..", "..", "logs", Run, "remote.log"))
        );
        server.ReplaceThere(
            "rsync",
            $"cd '{resume}' && mv state-1 state-2 2>/dev/null; cd; exec /usr/bin/rsync \"$@\""
        );
        var fetched = laptop.Run("fetch", "--host", SshServer.Name);
        Assert.True(
            fetched.Code == 0 && fetched.Output.Contains("while it is at work", StringComparison.Ordinal),
            fetched.Output + fetched.Error
        );
        Assert.Equal(["state-2"], Directory.GetFiles(laptop.At("checkpoints", Run, "resume")).Select(Path.GetFileName));
        Assert.Equal("begun\n", File.ReadAllText(laptop.At("logs", Run, "remote.log")));
    }

    /// <param name="question">Of those that a status asks, in the middle of which the connection is cut: before the log is followed, and when the run is gone.</param>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_connection_that_is_cut_before_the_log_comes_or_behind_its_end_comes_back(int question)
    {
        await using var server = await SshServer.Start(probability: false);
        using var laptop = new Laptop(server);
        var asked = server.At("asked");
        server.ReplaceThere(
            "df",
            $"echo >>'{asked}'; [ \"$(wc -l <'{asked}')\" -ne {question} ] || sleep 2; exec /usr/bin/df \"$@\""
        );
        using (
            var writer = StartRun(
                server,
                question == 1 ? "echo begun >>remote.log; echo 7 >exit_code" : "echo begun >>remote.log"
            )
        )
            await writer.WaitForExitAsync(TestContext.Current.CancellationToken);
        var monitor = laptop.Start("monitor", "--host", SshServer.Name, "-c");
        await DeployedRunTests.Until(() => File.Exists(asked) && File.ReadAllLines(asked).Length == question);
        Assert.True(server.CutConnections() > 0);
        var (code, output, error) = Cli.BuiltProgram.End(monitor)[0];
        Assert.True(
            code == (question == 1 ? 7 : 1) && output.StartsWith("begun\n", StringComparison.Ordinal),
            output + error
        );
        Assert.True(error.Contains("trying again in 1 s\nconnected again\n", StringComparison.Ordinal), error);
        Assert.DoesNotContain("attn-crnn: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_that_never_answered_is_told_at_once_and_one_from_which_lines_were_shown_is_waited_for()
    {
        await using var server = await SshServer.Start(probability: false);
        using var laptop = new Laptop(server);
        string[] nobody = ["monitor", "--host", SshServer.Name, "--port", "1", "-c"];
        var (code, _, error) = laptop.Run(nobody);
        Assert.True(
            code == 1
                && error.Trim().Split('\n') is [var line]
                && line.Contains("check that the machine is up", StringComparison.Ordinal),
            error
        );

        Directory.CreateDirectory(laptop.At("logs", Run));
        File.WriteAllText(laptop.At("logs", Run, ".shown"), "");
        using var monitor = laptop.Start(nobody);
        Assert.EndsWith(
            "trying again in 1 s",
            await monitor.StandardError.ReadLineAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
        using (var kill = Process.Start("kill", ["-INT", $"{monitor.Id}"]))
            kill.WaitForExit();
        await DeployedRunTests.Until(() => monitor.HasExited);
        Assert.Equal(130, monitor.ExitCode);
    }

    // What a deployment leaves there, with a shell for the training.
    private static Process StartRun(SshServer server, string script)
    {
        var folder = Path.Combine(server.Home, "attn_crnn_v2");
        foreach (var part in (string[])["sessions", $"logs/{Run}", $"analysis_results/{Run}", $"checkpoints/{Run}"])
            Directory.CreateDirectory(Path.Combine(folder, part));
        File.WriteAllText(Path.Combine(folder, ".attn-crnn"), "");
        File.WriteAllText(Path.Combine(folder, "sessions", "attn_crnn_v2"), $"{Run}\n\n");
        File.WriteAllText(Path.Combine(folder, "analysis_results", Run, "config.json"), "{}");
        var logs = Path.Combine(folder, "logs", Run);
        return Process.Start(
            new ProcessStartInfo("sh", ["-c", $"exec 2>/dev/null; echo $$ >pid; {script}", Run])
            {
                WorkingDirectory = logs,
            }
        )!;
    }
}
