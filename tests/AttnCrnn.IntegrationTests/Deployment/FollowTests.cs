using System.Diagnostics;

namespace AttnCrnn.IntegrationTests.Deployment;

/// <summary>Follows a growing remote log while connections are cut and monitors are killed.</summary>
[Requires("sshd")]
public sealed class FollowTests
{
    private const string Run = "attn_crnn_v2_20260101_000000";
    private const int Lines = 250;

    [Fact]
    public async Task A_repeatedly_killed_and_disconnected_monitor_shows_every_line_once()
    {
        await using var server = await SshServer.Start(shareConnection: false);
        using var laptop = new Laptop(server);
        using var writer = StartRun(
            server,
            $"for i in $(seq {Lines}); do echo \"line $i ä\" >>remote.log; sleep 0.02; done; "
                + "printf 'no line end' >>remote.log; echo 7 >exit_code"
        );
        var random = new Random(5);
        var shownLines = new List<string>();
        for (var start = 0; ; start++)
        {
            Assert.True(start < 20, "it does not come to an end");
            using var monitor = laptop.Start("monitor", "--host", SshServer.Name, "-c");
            var error = monitor.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var (cutAfter, killAfter) =
                start < 5 ? (random.Next(1, 20), random.Next(20, 40)) : (int.MaxValue, int.MaxValue);
            for (
                var count = 1;
                await monitor.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line;
                count++
            )
            {
                shownLines.Add(line);
                if (count == cutAfter)
                    server.CutConnections(); // the monitor reconnects and continues with the next line
                if (count == killAfter)
                    monitor.Kill(entireProcessTree: true); // output printed before the kill still arrives
            }
            await monitor.WaitForExitAsync(TestContext.Current.CancellationToken);
            if (monitor.ExitCode == 7)
                break;
            Assert.True(monitor.ExitCode == 137, await error);
        }
        var lines = shownLines.Where(line =>
            line.StartsWith("line ", StringComparison.Ordinal) || line == "no line end"
        );
        Assert.Equal(Enumerable.Range(1, Lines).Select(i => $"line {i} ä").Append("no line end"), lines);
    }

    [Fact]
    public async Task Lines_unread_when_the_pipe_closed_are_shown_next_time()
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
            monitor.StandardOutput.Close(); // as head does, or a pager that is quit
            await File.AppendAllTextAsync(log, "two\nthree\n", TestContext.Current.CancellationToken);
            await RemoteRun.WaitUntil(() => monitor.HasExited);
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
        Interruption.Send(monitor);
        var error = await monitor.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await monitor.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(130, monitor.ExitCode);
        Assert.Contains("the run continues", error, StringComparison.Ordinal);
        Assert.False(writer.HasExited);
        writer.Kill(entireProcessTree: true);
    }

    [Fact]
    public async Task A_vanished_run_is_distinguished_from_a_finished_one()
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
            "interrupted, no process and no exit code",
            laptop.Run("monitor", "--host", SshServer.Name).Output,
            StringComparison.Ordinal
        );
        var (code, output, error) = laptop.Run("monitor", "--host", SshServer.Name, "-c");
        Assert.True(code == 1 && output.StartsWith("begun\n", StringComparison.Ordinal), output + error);
        Assert.Contains($"deploy --resume {Run}", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_kills_a_run_that_ignores_the_signal()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        // As the run's shell does: records how the training ended.
        using var writer = StartRun(server, "trap 'echo asked >>remote.log' INT; while [ -d . ]; do sleep 0.1; done");
        var stopping = laptop.Run("stop", "--host", SshServer.Name, "--grace", "1");
        Assert.True(
            stopping.Code == 0
                && stopping.Output.Contains("did not end within 1 s and was killed", StringComparison.Ordinal),
            stopping.Output + stopping.Error
        );
        Assert.True(writer.WaitForExit(30_000));
        Assert.Contains(
            "asked",
            laptop.Run("monitor", "--host", SshServer.Name, "-l").Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_incomplete_or_changed_file_is_copied_again()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        using (var writer = StartRun(server, "echo done >>remote.log; echo 0 >exit_code"))
            await writer.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Contains(
            "4 files, 4 new or changed",
            laptop.Run("fetch", "--host", SshServer.Name).Output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "4 files, 0 new or changed",
            laptop.Run("fetch", "--host", SshServer.Name, Run).Output,
            StringComparison.Ordinal
        );
        var log = laptop.PathOf("logs", Run, "remote.log");
        var time = File.GetLastWriteTimeUtc(log);
        File.WriteAllText(log, "dome\n"); // same size, same time: only the hash differs
        File.SetLastWriteTimeUtc(log, time);
        Assert.Contains(
            "4 files, 2 new or changed",
            laptop.Run("fetch", "--host", SshServer.Name).Output,
            StringComparison.Ordinal
        );
        Assert.Equal("done\n", File.ReadAllText(log));
        var result = laptop.Run("fetch", "--host", SshServer.Name, "attn_crnn_v2_none");
        Assert.True(result.Code == 3 && result.Error.Contains(Run, StringComparison.Ordinal), result.Error);
    }

    [Fact]
    public async Task A_checkpoint_replaced_during_a_fetch_is_skipped_and_the_new_one_fetched()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        using var writer = StartRun(
            server,
            "mkdir -p ../../checkpoints/$0/resume; echo 1 >../../checkpoints/$0/resume/state-1; "
                + "echo begun >>remote.log; while [ -e pid ]; do sleep 0.1; done"
        );
        var resume = Path.Combine(server.Home, "attn_crnn_v2", "checkpoints", Run, "resume");
        await RemoteRun.WaitUntil(() =>
            File.Exists(Path.Combine(Path.GetDirectoryName(resume)!, "..", "..", "logs", Run, "remote.log"))
        );
        server.ReplaceRemoteProgram(
            "rsync",
            $"cd '{resume}' && mv state-1 state-2 2>/dev/null; cd; exec /usr/bin/rsync \"$@\""
        );
        var fetched = laptop.Run("fetch", "--host", SshServer.Name);
        Assert.True(
            fetched.Code == 0 && fetched.Output.Contains("the run is still running", StringComparison.Ordinal),
            fetched.Output + fetched.Error
        );
        Assert.Equal(
            ["state-2"],
            Directory.GetFiles(laptop.PathOf("checkpoints", Run, "resume")).Select(Path.GetFileName)
        );
        Assert.Equal("begun\n", File.ReadAllText(laptop.PathOf("logs", Run, "remote.log")));
    }

    /// <param name="question">
    /// Number of the status query during which the connection is cut: before the log is followed, or after the run has
    /// ended.
    /// </param>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_connection_cut_before_or_after_the_log_is_reestablished(int question)
    {
        await using var server = await SshServer.Start(shareConnection: false);
        using var laptop = new Laptop(server);
        var queries = server.PathOf("asked");
        var holdFile = server.PathOf("holds");
        server.ReplaceRemoteProgram(
            "df",
            $"echo >>'{queries}'; [ \"$(wc -l <'{queries}')\" -ne {question} ] "
                + $"|| {{ {RemoteRun.CreateHoldScript(holdFile)}; }}; "
                + "exec /usr/bin/df \"$@\""
        );
        using (
            var writer = StartRun(
                server,
                question == 1 ? "echo begun >>remote.log; echo 7 >exit_code" : "echo begun >>remote.log"
            )
        )
            await writer.WaitForExitAsync(TestContext.Current.CancellationToken);
        var monitor = laptop.Start("monitor", "--host", SshServer.Name, "-c");
        await RemoteRun.WaitUntil(() => File.Exists(holdFile));
        Assert.True(server.CutConnections() > 0);
        File.Delete(holdFile);
        var (code, output, error) = BuiltProgram.WaitForExit(monitor)[0];
        Assert.True(
            code == (question == 1 ? 7 : 1) && output.StartsWith("begun\n", StringComparison.Ordinal),
            output + error
        );
        Assert.True(error.Contains("retrying in 1 s\nreconnected\n", StringComparison.Ordinal), error);
        Assert.DoesNotContain("attn-crnn: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unreachable_machine_fails_at_once_unless_lines_were_shown_before()
    {
        await using var server = await SshServer.Start(shareConnection: false);
        using var laptop = new Laptop(server);
        string[] command = ["monitor", "--host", SshServer.Name, "--port", "1", "-c"];
        var (code, _, error) = laptop.Run(command);
        Assert.True(
            code == 1
                && error.Trim().Split('\n') is [var line]
                && line.Contains("check that the machine is up", StringComparison.Ordinal),
            error
        );

        Directory.CreateDirectory(laptop.PathOf("logs", Run));
        File.WriteAllText(laptop.PathOf("logs", Run, ".shown"), "");
        using var monitor = laptop.Start(command);
        Assert.EndsWith(
            "retrying in 1 s",
            await monitor.StandardError.ReadLineAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
        Interruption.Send(monitor);
        await RemoteRun.WaitUntil(() => monitor.HasExited);
        Assert.Equal(130, monitor.ExitCode);
    }

    // A deployed run's remote files, with a shell in place of the training.
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
