namespace AttnCrnn.Tests.Deployment;

/// <summary>The connection is cut in the middle of a step, and the same command given again.</summary>
[Requires("sshd")]
public sealed class CutConnectionTests
{
    /// <param name="step">Of the deployment.</param>
    /// <param name="program">That the step runs there, and that is made to take its time once.</param>
    /// <param name="argument">That it is called with then.</param>
    [Theory]
    [InlineData(1, "df", "*")]
    [InlineData(2, "rsync", "*--server*")]
    [InlineData(3, "mv", "*config.json*")]
    [InlineData(4, "tmux", "*new-session*")]
    public async Task A_deployment_whose_connection_is_cut_is_finished_by_the_same_command(
        int step,
        string program,
        string argument
    )
    {
        await using var server = await SshServer.Start(probability: false);
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        string[] line = ["--", "--data_dirs", "store", "--epochs", "2"];
        var slow = server.At("slow");
        File.WriteAllText(slow, "");
        server.ReplaceThere(
            program,
            $"case \"$*\" in {argument}) if rm '{slow}' 2>/dev/null; then sleep 1.5; fi ;; esac\nexec /usr/bin/{program} \"$@\""
        );

        var process = laptop.StartDeploy(line);
        await DeployedRunTests.Until(() => !File.Exists(slow));
        Assert.True(server.CutConnections() > 0);
        var (code, _, error) = Cli.BuiltProgram.End(process)[0];
        Assert.Equal(1, code);
        Assert.DoesNotContain(
            $"{step}/4 {(step == 1 ? "checks and directories" : step == 2 ? "upload" : step == 3 ? "environment" : "training")}: done",
            error,
            StringComparison.Ordinal
        );
        var complaint = Assert.Single(error.Split('\n'), text =>
            text.StartsWith("attn-crnn: ", StringComparison.Ordinal)
        );
        Assert.Contains("connection", complaint, StringComparison.Ordinal);

        var again = laptop.Deploy(line);
        Assert.True(again.Code == 0, again.Error);
        var run = Assert.Single(
            Directory.GetDirectories(Path.Combine(server.Home, "attn_crnn_v2", "analysis_results"))
        ); // and none beside it
        await DeployedRunTests.Until(() =>
            File.Exists(Path.Combine(run, "..", "..", "logs", Path.GetFileName(run), "exit_code"))
        );
        Assert.True(File.Exists(Path.Combine(run, "report.html")));
    }

    [Fact]
    public async Task A_copy_that_is_cut_off_on_its_way_to_another_machine_is_not_taken_for_the_run()
    {
        await using var server = await SshServer.Start(probability: false);
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        var trained = laptop.Run("train", "--data_dirs", "store", "--epochs", "2");
        Assert.True(trained.Code == 0, trained.Error);
        var run = DeployedRunTests.Value(trained.Output, "run");
        File.Delete(laptop.At("analysis_results", run, "report.html")); // so that there is something to do again
        var there = Path.Combine(server.Home, "attn_crnn_v2");
        var waits = server.At("waits");
        string[] parts = [$"{there}/checkpoints/{run}", $"{there}/analysis_results/{run}"];
        // Waits, to be cut off, when a part has arrived that had not before.
        server.ReplaceThere(
            "rsync",
            $"""
            /usr/bin/rsync "$@"
            code=$?
            for part in {string.Join(' ', parts)}; do
                if [ -e "$part" ] && mkdir '{server.At(
                "seen-"
            )}'"$(echo "$part" | tr / _)" 2>/dev/null; then touch '{waits}' && sleep 2; fi
            done
            exit "$code"
            """
        );
        foreach (var _ in parts)
        {
            var process = laptop.StartDeploy("--resume", run);
            await DeployedRunTests.Until(() => File.Exists(waits));
            server.CutConnections();
            Assert.Equal(1, Cli.BuiltProgram.End(process)[0].Code);
            File.Delete(waits);
        }
        var again = laptop.Deploy("--resume", run);
        Assert.True(again.Code == 0, again.Error);
        await DeployedRunTests.Until(() => File.Exists(Path.Combine(there, "logs", run, "exit_code")));

        Assert.Equal("0", File.ReadAllText(Path.Combine(there, "logs", run, "exit_code")).Trim());
        Assert.DoesNotContain(
            "epoch 1/2",
            File.ReadAllText(Path.Combine(there, "logs", run, "remote.log")),
            StringComparison.Ordinal
        );
        Assert.Contains(
            $"{there}/data/store-",
            File.ReadAllText(Path.Combine(there, "analysis_results", run, "config.json")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Of_two_deployments_at_once_one_is_told_to_wait()
    {
        await using var server = await SshServer.Start(probability: false);
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        string[] line = ["--", "--data_dirs", "store", "--epochs", "2"];
        server.ReplaceThere("rsync", "sleep 2\nexec /usr/bin/rsync \"$@\"");
        var both = Cli.BuiltProgram.End(laptop.StartDeploy(line), laptop.StartDeploy(line));
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
