namespace AttnCrnn.Tests.Remote;

/// <summary>The connection is cut in the middle of a step, and the same command given again.</summary>
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
    public async Task A_deployment_whose_connection_is_cut_is_finished_by_the_same_command(int step, string program, string argument)
    {
        await using var server = await SshServer.StartOrSkip(share: false);
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        string[] line = ["--", "--data_dirs", "store", "--epochs", "2"];
        var slow = server.At("slow");
        File.WriteAllText(slow, "");
        server.ReplaceThere(program, $"case \"$*\" in {argument}) if rm '{slow}' 2>/dev/null; then sleep 1.5; fi ;; esac\nexec /usr/bin/{program} \"$@\"");

        var process = laptop.StartDeploy(line);
        await DeployedRunTests.Until(() => !File.Exists(slow));
        Assert.True(server.CutConnections() > 0);
        var (code, _, error) = Cli.BuiltProgram.End(process)[0];
        Assert.Equal(1, code);
        Assert.DoesNotContain($"{step}/4 {(step == 1 ? "checks and directories" : step == 2 ? "upload" : step == 3 ? "environment" : "training")}: done", error, StringComparison.Ordinal);
        var complaint = Assert.Single(error.Split('\n'), text => text.StartsWith("attn-crnn: ", StringComparison.Ordinal));
        Assert.Contains("connection", complaint, StringComparison.Ordinal);

        var again = laptop.Deploy(line);
        Assert.True(again.Code == 0, again.Error);
        var run = Assert.Single(Directory.GetDirectories(Path.Combine(server.Home, "attn_crnn_v2", "analysis_results"))); // and none beside it
        await DeployedRunTests.Until(() => File.Exists(Path.Combine(run, "..", "..", "logs", Path.GetFileName(run), "exit_code")));
        Assert.True(File.Exists(Path.Combine(run, "report.html")));
    }

    [Fact]
    public async Task Of_two_deployments_at_once_one_is_told_to_wait()
    {
        await using var server = await SshServer.StartOrSkip(share: false);
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        string[] line = ["--", "--data_dirs", "store", "--epochs", "2"];
        server.ReplaceThere("rsync", "sleep 2\nexec /usr/bin/rsync \"$@\"");
        var both = Cli.BuiltProgram.End(laptop.StartDeploy(line), laptop.StartDeploy(line));
        Assert.Equal([0, 3], both.Select(end => end.Code).Order());
        var refused = both.Single(end => end.Code == 3).Error;
        Assert.Contains($"another deployment is at work here: {Environment.UserName} on {Environment.MachineName}, process ", refused, StringComparison.Ordinal);
        Assert.Single(Directory.GetDirectories(Path.Combine(server.Home, "attn_crnn_v2", "analysis_results")));
    }
}
