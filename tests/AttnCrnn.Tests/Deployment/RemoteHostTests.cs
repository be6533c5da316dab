using AttnCrnn.Deployment;
using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Scripts;
using AttnCrnn.Deployment.Transfer;

namespace AttnCrnn.Tests.Deployment;

/// <summary>Against a real sshd of the test's own, on this machine, with keys made for the test.</summary>
public sealed class RemoteHostTests
{
    [Fact]
    [Requires("sshd")]
    public async Task A_survey_over_ssh_tells_what_the_machine_itself_says()
    {
        await using var server = await SshServer.Start();

        var host = await HostInfo.TakeAsync(server.Host, "runs", TestContext.Current.CancellationToken);

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
    public async Task A_script_needs_no_quoting_and_its_fault_is_told()
    {
        await using var server = await SshServer.Start();
        var cancellation = TestContext.Current.CancellationToken;

        Assert.Equal(
            "a 'b' \"c\" $HOME\n",
            await server.Host.RunAsync(Script.Plain("printf '%s\\n' \"a 'b' \\\"c\\\" \\$HOME\"\n"), cancellation)
        );

        var error = await Assert.ThrowsAsync<RemoteException>(() =>
            server.Host.RunAsync(Script.Plain("echo no room >&2; exit 7\n"), cancellation)
        );
        Assert.Equal("lab: no room", error.Message);
    }

    [Fact]
    [Requires("sshd")]
    public async Task A_host_that_refuses_the_key_is_told_with_the_remedy()
    {
        await using var server = await SshServer.Start(acceptKey: false);
        var error = await Assert.ThrowsAsync<RemoteException>(() =>
            server.Host.RunAsync(Script.Plain("true\n"), TestContext.Current.CancellationToken)
        );
        Assert.Contains("ssh-copy-id", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Requires("sshd")]
    public async Task A_host_key_that_changed_is_told_with_what_it_can_mean()
    {
        await using var server = await SshServer.Start(probability: false);
        var cancellation = TestContext.Current.CancellationToken;
        await server.Host.RunAsync(Script.Plain("true\n"), cancellation);
        await server.ChangeHostKey();
        var error = await Assert.ThrowsAsync<RemoteException>(() =>
            server.Host.RunAsync(Script.Plain("true\n"), cancellation)
        );
        Assert.Contains("ssh-keygen -R lab", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    [Requires("sshd")]
    public async Task A_host_that_does_not_answer_is_a_connection_that_may_come_back()
    {
        await using var server = await SshServer.Start(probability: false);
        var nobody = new RemoteHost("lab", 1, null, ["-F", server.At("ssh_config")]);
        var error = await Assert.ThrowsAsync<ConnectionLostException>(() =>
            nobody.RunAsync(Script.Plain("true\n"), TestContext.Current.CancellationToken)
        );
        Assert.Contains("Connection refused", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-oProxyCommand=touch /tmp/x")]
    [InlineData("")]
    [InlineData("a b")]
    public void A_name_that_ssh_could_take_for_something_else_is_refused(string name) =>
        Assert.Throws<RemoteException>(() => new RemoteHost(name));

    [Fact]
    public void A_machine_that_answers_something_else_is_refused()
    {
        var error = Assert.Throws<RemoteException>(() => HostInfo.Parse("router", "Welcome!\nsystem=Linux\n"));
        Assert.Contains("router: the answer contains no valid architecture", error.Message, StringComparison.Ordinal);
    }
}
