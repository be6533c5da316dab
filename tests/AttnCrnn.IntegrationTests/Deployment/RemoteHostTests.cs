using AttnCrnn.Deployment;
using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Scripts;
using AttnCrnn.Deployment.Transfer;

namespace AttnCrnn.IntegrationTests.Deployment;

/// <summary>Against a real sshd on this machine, with keys generated for the test.</summary>
public sealed class RemoteHostTests
{
    [Fact]
    [Requires("sshd")]
    public async Task Host_information_over_ssh_matches_the_machine()
    {
        await using var server = await SshServer.Start();

        var host = await HostInfo.QueryAsync(server.Host, "runs", TestContext.Current.CancellationToken);

        Assert.Equal("Linux", host.System);
        Assert.Equal(Environment.ProcessorCount, host.Processors);
        Assert.InRange(host.MemoryBytes, 1L << 28, 1L << 50);
        Assert.InRange(host.FreeDiskBytes, 1, 1L << 60);
        Assert.Superset(new HashSet<string> { "tmux", "rsync", "flock" }, host.Programs.ToHashSet());
        Assert.Equal(server.Home, host.Home);
        Assert.Equal(FolderState.Absent, host.Folder);
    }

    [Fact]
    [Requires("sshd")]
    public async Task A_script_needs_no_quoting_and_its_error_is_reported()
    {
        await using var server = await SshServer.Start();
        var cancellation = TestContext.Current.CancellationToken;

        Assert.Equal(
            "a 'b' \"c\" $HOME\n",
            await server.Host.RunAsync(Script.FromText("printf '%s\\n' \"a 'b' \\\"c\\\" \\$HOME\"\n"), cancellation)
        );

        var error = await Assert.ThrowsAsync<RemoteException>(() =>
            server.Host.RunAsync(Script.FromText("echo no room >&2; exit 7\n"), cancellation)
        );
        Assert.Equal("lab: no room", error.Message);
    }

    [Fact]
    [Requires("sshd")]
    public async Task A_rejected_key_is_reported_with_the_remedy()
    {
        await using var server = await SshServer.Start(acceptKey: false);
        var error = await Assert.ThrowsAsync<RemoteException>(() =>
            server.Host.RunAsync(Script.FromText("true\n"), TestContext.Current.CancellationToken)
        );
        Assert.Contains("ssh-copy-id", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Requires("sshd")]
    public async Task A_changed_host_key_is_reported_with_its_possible_causes()
    {
        await using var server = await SshServer.Start(shareConnection: false);
        var cancellation = TestContext.Current.CancellationToken;
        await server.Host.RunAsync(Script.FromText("true\n"), cancellation);
        await server.ChangeHostKey();
        var error = await Assert.ThrowsAsync<RemoteException>(() =>
            server.Host.RunAsync(Script.FromText("true\n"), cancellation)
        );
        Assert.Contains("ssh-keygen -R lab", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    [Requires("sshd")]
    public async Task A_host_that_does_not_answer_is_a_transient_error()
    {
        await using var server = await SshServer.Start(shareConnection: false);
        var unreachable = new RemoteHost("lab", 1, null, ["-F", server.PathOf("ssh_config")]);
        var error = await Assert.ThrowsAsync<ConnectionLostException>(() =>
            unreachable.RunAsync(Script.FromText("true\n"), TestContext.Current.CancellationToken)
        );
        Assert.Contains("Connection refused", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-oProxyCommand=touch /tmp/x")]
    [InlineData("")]
    [InlineData("a b")]
    public void A_host_name_that_ssh_could_misinterpret_is_rejected(string name) =>
        Assert.Throws<RemoteException>(() => new RemoteHost(name));

    [Fact]
    public void An_unexpected_answer_of_a_machine_is_rejected()
    {
        var error = Assert.Throws<RemoteException>(() => HostInfo.Parse("router", "Welcome!\nsystem=Linux\n"));
        Assert.Contains("router: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("architecture", error.Message, StringComparison.Ordinal);
    }
}
