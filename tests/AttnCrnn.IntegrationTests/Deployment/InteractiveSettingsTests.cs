using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Scripts;
using AttnCrnn.Deployment.Transfer;

namespace AttnCrnn.IntegrationTests.Deployment;

/// <summary>Settings of ssh and of the shell that are meant for a person at a terminal.</summary>
[Requires("sshd")]
public sealed class InteractiveSettingsTests
{
    private const string Guard = "[[ $- == *i* ]] || return";

    [Theory]
    [InlineData("RemoteCommand tmux new-session -A -s main")]
    [InlineData("RequestTTY force")]
    [InlineData("LocalForward {0} localhost:80\nExitOnForwardFailure yes")]
    [InlineData("RemoteForward {0} localhost:80\nExitOnForwardFailure yes")]
    [InlineData("DynamicForward {0}\nExitOnForwardFailure yes")]
    [InlineData("PermitLocalCommand yes\nLocalCommand echo connected to %h")]
    public async Task A_setting_of_ssh_reaches_neither_scripts_nor_transfers(string setting)
    {
        await using var server = await SshServer.Start(shareConnection: false);
        using var files = new TempFolder();
        Configure(server, setting);
        var cancellation = TestContext.Current.CancellationToken;

        // Characters that a terminal would change.
        Assert.Equal("a\nb\tc\n", await server.Host.RunAsync(Script.FromText("printf 'a\\nb\\tc\\n'\n"), cancellation));

        Directory.CreateDirectory(files.PathOf("data"));
        File.WriteAllText(files.PathOf("data", "x"), "content");
        var upload = Rsync.Upload(server.Host, files.PathOf("data"), $"{server.Home}/data");
        await Rsync.RunAsync(server.Host, upload, "", null, cancellation);
        Assert.Equal("content", File.ReadAllText(Path.Combine(server.Home, "data", "x")));
    }

    [Fact]
    public async Task A_run_is_deployed_and_fetched_over_a_connection_for_a_person()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        Configure(
            server,
            "RemoteCommand tmux new-session -A -s main\nRequestTTY force\n"
                + "LocalForward {0} localhost:80\nExitOnForwardFailure yes"
        );
        var deployment = laptop.Deploy("--", "--data_dirs", "store", "--epochs", "1");
        Assert.True(deployment.Code == 0, deployment.Error);
        var monitoring = laptop.Run("monitor", "-c", "--host", SshServer.Name);
        Assert.True(
            monitoring.Code == 0 && monitoring.Output.Contains("all verified by hash", StringComparison.Ordinal),
            monitoring.Error
        );
    }

    [Theory]
    [InlineData("echo Welcome to lab; echo 2 users", "'Welcome to lab' (2 lines)")]
    [InlineData("printf 'conda activated'", "'conda activated' (1 line)")]
    [InlineData("echo; printf '\\033[1mhello'", "'?[1mhello' (2 lines)")]
    public async Task A_shell_that_prints_is_found_before_the_upload(string command, string quoted)
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        var settings = Path.Combine(server.Home, ".bashrc");
        File.WriteAllText(settings, command + "\n");

        var (code, _, error) = laptop.Deploy("--", "--data_dirs", "store");

        Assert.Equal(1, code);
        var line = Assert.Single(error.Split('\n'), text => text.StartsWith("attn-crnn: ", StringComparison.Ordinal));
        Assert.Contains($"lab: the shell prints {quoted} before every command", line, StringComparison.Ordinal);
        Assert.Contains(Guard, line, StringComparison.Ordinal);
        Assert.Equal([settings], Directory.GetFileSystemEntries(server.Home));

        // The remedy helps.
        File.WriteAllText(settings, $"{Guard}\n{command}\n");
        var dryRun = laptop.Deploy("--dry_run", "--", "--data_dirs", "store");
        Assert.True(dryRun.Code == 0, dryRun.Error);
    }

    [Fact]
    public async Task A_shell_that_prints_is_named_when_a_transfer_fails_on_it()
    {
        await using var server = await SshServer.Start();
        using var files = new TempFolder();
        Directory.CreateDirectory(files.PathOf("data"));
        File.WriteAllText(files.PathOf("data", "x"), "content");
        File.WriteAllText(Path.Combine(server.Home, ".bashrc"), "echo Welcome to lab\n");
        var upload = Rsync.Upload(server.Host, files.PathOf("data"), $"{server.Home}/data");
        var error = await Assert.ThrowsAsync<AttnCrnn.Deployment.RemoteException>(() =>
            Rsync.RunAsync(server.Host, upload, "", null, TestContext.Current.CancellationToken)
        );
        Assert.Contains(Guard, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shell_without_access_is_quoted()
    {
        await using var server = await SshServer.Start();
        server.ReplaceRemoteProgram("sh", "echo This account is not available; exit 1");
        var error = await Assert.ThrowsAsync<AttnCrnn.Deployment.RemoteException>(() =>
            server.Host.RunAsync(Script.FromText("true\n"), TestContext.Current.CancellationToken)
        );
        Assert.Equal("lab: the shell printed 'This account is not available'", error.Message);
    }

    [Fact]
    public void A_machine_that_runs_no_script_is_rejected_with_what_it_printed()
    {
        var error = Assert.Throws<AttnCrnn.Deployment.RemoteException>(() =>
            ShellOutput.RequireClean("lab", "This service allows sftp connections only.\n")
        );
        Assert.Contains("'This service allows sftp connections only.'", error.Message, StringComparison.Ordinal);
    }

    private static void Configure(SshServer server, string settings) =>
        File.AppendAllText(
            server.PathOf("ssh_config"),
            string.Concat(
                settings
                    .Replace("{0}", $"{server.Port}", StringComparison.Ordinal)
                    .Split('\n')
                    .Select(line => $"    {line}\n")
            )
        );
}
