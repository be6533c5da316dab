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
        await using var server = await SshServer.Start(share: false);
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        string[] line = ["--", "--data_dirs", "store", "--epochs", "2"];
        var slow = server.At("slow");
        var holds = server.At("holds");
        File.WriteAllText(slow, "");
        server.ReplaceRemoteProgram(
            program,
            $"case \"$*\" in {argument}) if rm '{slow}' 2>/dev/null; then {RemoteRun.HoldWith(holds)}; fi ;; esac\n"
                + $"exec /usr/bin/{program} \"$@\""
        );

        var process = laptop.StartDeploy(line);
        await RemoteRun.Until(() => File.Exists(holds));
        Assert.True(server.CutConnections() > 0);
        var (code, _, error) = Cli.BuiltProgram.End(process)[0];
        File.Delete(holds);
        Assert.Equal(1, code);
        Assert.DoesNotContain($"{step}/4 {StepNames[step - 1]}: done", error, StringComparison.Ordinal);
        var message = Assert.Single(error.Split('\n'), text =>
            text.StartsWith("attn-crnn: ", StringComparison.Ordinal)
        );
        Assert.Contains("connection", message, StringComparison.Ordinal);

        var again = laptop.Deploy(line);
        Assert.True(again.Code == 0, again.Error);
        var run = Assert.Single(
            Directory.GetDirectories(Path.Combine(server.Home, "attn_crnn_v2", "analysis_results"))
        ); // and no other session
        await RemoteRun.Until(() =>
            File.Exists(Path.Combine(run, "..", "..", "logs", Path.GetFileName(run), "exit_code"))
        );
        Assert.True(File.Exists(Path.Combine(run, "report.html")));
    }

    [Fact]
    public async Task An_interrupted_copy_to_another_machine_is_not_used_as_the_run()
    {
        await using var server = await SshServer.Start(share: false);
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        var trained = laptop.Run("train", "--data_dirs", "store", "--epochs", "2");
        Assert.True(trained.Code == 0, trained.Error);
        var run = RemoteRun.Value(trained.Output, "run");
        File.Delete(laptop.At("analysis_results", run, "report.html")); // so that there is something to fetch again
        var remoteFolder = Path.Combine(server.Home, "attn_crnn_v2");
        var waits = server.At("waits");
        var hold = RemoteRun.HoldWith(waits);
        var seen = server.At("seen-");
        string[] parts = [$"{remoteFolder}/checkpoints/{run}", $"{remoteFolder}/analysis_results/{run}"];
        // Waits, to be cut off, once a part has newly arrived.
        server.ReplaceRemoteProgram(
            "rsync",
            $"""
            /usr/bin/rsync "$@"
            code=$?
            for part in {string.Join(' ', parts)}; do
                if [ -e "$part" ] && mkdir '{seen}'"$(echo "$part" | tr / _)" 2>/dev/null; then {hold}; fi
            done
            exit "$code"
            """
        );
        foreach (var _ in parts)
        {
            var process = laptop.StartDeploy("--resume", run);
            await RemoteRun.Until(() => File.Exists(waits));
            server.CutConnections();
            Assert.Equal(1, Cli.BuiltProgram.End(process)[0].Code);
            File.Delete(waits);
        }
        var again = laptop.Deploy("--resume", run);
        Assert.True(again.Code == 0, again.Error);
        await RemoteRun.Until(() => File.Exists(Path.Combine(remoteFolder, "logs", run, "exit_code")));

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
        await using var server = await SshServer.Start(share: false);
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        string[] line = ["--", "--data_dirs", "store", "--epochs", "2"];
        // The first upload waits until the other deployment has ended.
        var holds = server.At("holds");
        File.WriteAllText(holds, "");
        server.ReplaceRemoteProgram("rsync", $"{RemoteRun.WaitWhile(holds)}\nexec /usr/bin/rsync \"$@\"");
        Process[] processes = [laptop.StartDeploy(line), laptop.StartDeploy(line)];
        await Task.WhenAny(
            processes.Select(process => process.WaitForExitAsync(TestContext.Current.CancellationToken))
        );
        File.Delete(holds);
        var both = Cli.BuiltProgram.End(processes);
        Assert.Equal([0, 3], both.Select(end => end.Code).Order());
        var refused = both.Single(end => end.Code == 3).Error;
        Assert.Contains(
            $"another deployment is running here: {Environment.UserName} on {Environment.MachineName}, process ",
            refused,
            StringComparison.Ordinal
        );
        Assert.Single(Directory.GetDirectories(Path.Combine(server.Home, "attn_crnn_v2", "analysis_results")));
    }
}
