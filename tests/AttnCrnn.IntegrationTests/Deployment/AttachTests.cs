namespace AttnCrnn.IntegrationTests.Deployment;

/// <summary><c>deploy --attach</c> in a terminal.</summary>
[Requires("sshd")]
public sealed class AttachTests
{
    private const string Session = "attn_crnn_v2";

    [Fact]
    public async Task The_terminal_is_attached_to_the_session_of_the_run_that_was_started()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();

        using var terminal = laptop.OpenDeploy(["--attach", .. RemoteRun.LongTraining]);

        await DetachAsync(server, terminal);
    }

    [Fact]
    public async Task The_terminal_is_attached_to_a_session_that_is_running()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        RemoteRun.DeployLong(laptop);

        using var terminal = laptop.OpenDeploy(["--attach", .. RemoteRun.OtherTraining]);

        await DetachAsync(server, terminal);
    }

    // Waits for the client of the session, and ends it as Ctrl-b d does.
    private static async Task DetachAsync(SshServer server, TerminalSession terminal)
    {
        await RemoteRun.WaitUntil(() => server.Tmux("list-clients", "-t", Session).Length > 0);
        server.Tmux("detach-client", "-s", Session);
        await terminal.WaitForExitAsync();
        Assert.Contains(Session, server.Tmux("list-sessions"), StringComparison.Ordinal);
    }
}
