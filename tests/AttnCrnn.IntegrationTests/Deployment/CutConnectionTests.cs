using System.Diagnostics;

namespace AttnCrnn.IntegrationTests.Deployment;

/// <summary>The connection is cut in the middle of a step, and the same command is run again.</summary>
[Requires("sshd")]
public sealed class CutConnectionTests
{
    private static readonly string[] StepNames = ["checks and directories", "upload", "environment", "training"];

    /// <param name="step">The deployment step that is cut.</param>
    /// <param name="program">The remote program that the step runs, which is slowed down once.</param>
    /// <param name="argument">Pattern of the program's arguments in that call.</param>
    [Theory]
    [InlineData(1, "df", "*")]
    [InlineData(2, "rsync", "*--server*")]
    [InlineData(3, "mv", "*config.json*")]
    [InlineData(4, "tmux", "*new-session*")]
    public async Task An_interrupted_deployment_is_completed_by_the_same_command(
        int step,
        string program,
        string argument
    )
    {
        await using var server = await SshServer.Start(shareConnection: false);
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        string[] line = ["--", "--data_dirs", "store", "--epochs", "2"];
        var triggerFile = server.PathOf("slow");
        var holdFile = server.PathOf("holds");
        File.WriteAllText(triggerFile, "");
        server.ReplaceRemoteProgram(
            program,
            $"case \"$*\" in {argument}) if rm '{triggerFile}' 2>/dev/null; "
                + $"then {RemoteRun.CreateHoldScript(holdFile)}; fi ;; esac\n"
                + $"exec /usr/bin/{program} \"$@\""
        );

        var process = laptop.StartDeploy(line);
        await RemoteRun.WaitUntil(() => File.Exists(holdFile));
        Assert.True(server.CutConnections() > 0);
        var (code, _, error) = BuiltProgram.WaitForExit(process)[0];
        File.Delete(holdFile);
        Assert.Equal(1, code);
        Assert.DoesNotContain($"{step}/4 {StepNames[step - 1]}: done", error, StringComparison.Ordinal);
        var message = Assert.Single(error.Split('\n'), text =>
            text.StartsWith("attn-crnn: ", StringComparison.Ordinal)
        );
        Assert.Contains("connection", message, StringComparison.Ordinal);

        var secondResult = laptop.Deploy(line);
        Assert.True(secondResult.Code == 0, secondResult.Error);
        var run = Assert.Single(
            Directory.GetDirectories(Path.Combine(server.Home, "attn_crnn_v2", "analysis_results"))
        ); // and no other session
        await RemoteRun.WaitUntil(() =>
            File.Exists(Path.Combine(run, "..", "..", "logs", Path.GetFileName(run), "exit_code"))
        );
        Assert.True(File.Exists(Path.Combine(run, "report.html")));
    }

    [Fact]
    public async Task An_interrupted_copy_to_another_machine_is_not_used_as_the_run()
    {
        await using var server = await SshServer.Start(shareConnection: false);
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        var training = laptop.Run("train", "--data_dirs", "store", "--epochs", "2");
        Assert.True(training.Code == 0, training.Error);
        var run = RemoteRun.Value(training.Output, "run");
        File.Delete(laptop.PathOf("analysis_results", run, "report.html")); // so that there is something to fetch again
        var remoteFolder = Path.Combine(server.Home, "attn_crnn_v2");
        var holdFile = server.PathOf("waits");
        var hold = RemoteRun.CreateHoldScript(holdFile);
        var seenFolder = server.PathOf("seen-");
        string[] parts = [$"{remoteFolder}/checkpoints/{run}", $"{remoteFolder}/analysis_results/{run}"];
        // Waits for the connection to be cut after each newly copied folder.
        server.ReplaceRemoteProgram(
            "rsync",
            $"""
            /usr/bin/rsync "$@"
            code=$?
            for part in {string.Join(' ', parts)}; do
                if [ -e "$part" ] && mkdir '{seenFolder}'"$(echo "$part" | tr / _)" 2>/dev/null; then {hold}; fi
            done
            exit "$code"
            """
        );
        foreach (var _ in parts)
        {
            var process = laptop.StartDeploy("--resume", run);
            await RemoteRun.WaitUntil(() => File.Exists(holdFile));
            server.CutConnections();
            Assert.Equal(1, BuiltProgram.WaitForExit(process)[0].Code);
            File.Delete(holdFile);
        }
        var secondResult = laptop.Deploy("--resume", run);
        Assert.True(secondResult.Code == 0, secondResult.Error);
        await RemoteRun.WaitUntil(() => File.Exists(Path.Combine(remoteFolder, "logs", run, "exit_code")));

        Assert.Equal("0", File.ReadAllText(Path.Combine(remoteFolder, "logs", run, "exit_code")).Trim());
        Assert.DoesNotContain(
            "epoch 1/2",
            File.ReadAllText(Path.Combine(remoteFolder, "logs", run, "remote.log")),
            StringComparison.Ordinal
        );
        Assert.Contains(
            $"{remoteFolder}/data/store-",
            File.ReadAllText(Path.Combine(remoteFolder, "analysis_results", run, "config.json")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task One_of_two_concurrent_deployments_is_told_to_wait()
    {
        await using var server = await SshServer.Start(shareConnection: false);
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        string[] line = ["--", "--data_dirs", "store", "--epochs", "2"];
        // The first upload waits until the other deployment has ended.
        var holdFile = server.PathOf("holds");
        File.WriteAllText(holdFile, "");
        server.ReplaceRemoteProgram("rsync", $"{RemoteRun.CreateWaitScript(holdFile)}\nexec /usr/bin/rsync \"$@\"");
        Process[] processes = [laptop.StartDeploy(line), laptop.StartDeploy(line)];
        await Task.WhenAny(
            processes.Select(process => process.WaitForExitAsync(TestContext.Current.CancellationToken))
        );
        File.Delete(holdFile);
        var results = BuiltProgram.WaitForExit(processes);
        Assert.Equal([0, 3], results.Select(end => end.Code).Order());
        var error = results.Single(end => end.Code == 3).Error;
        Assert.Contains(
            $"{Environment.UserName} on {Environment.MachineName}, process ",
            error,
            StringComparison.Ordinal
        );
        Assert.Single(Directory.GetDirectories(Path.Combine(server.Home, "attn_crnn_v2", "analysis_results")));
    }
}
