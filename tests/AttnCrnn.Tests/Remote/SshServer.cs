using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AttnCrnn.Remote;

namespace AttnCrnn.Tests.Remote;

/// <summary>A sshd of this test's own on a free port of the loopback; it and its keys go with the test.</summary>
internal sealed class SshServer : IAsyncDisposable
{
    private const string Daemon = "/usr/sbin/sshd";
    private readonly DirectoryInfo folder;
    private readonly Process daemon;

    private SshServer(DirectoryInfo folder, Process daemon, RemoteHost host) => (this.folder, this.daemon, Host) = (folder, daemon, host);

    public RemoteHost Host { get; }

    public static async Task<SshServer> StartOrSkip(bool acceptKey = true)
    {
        if (!File.Exists(Daemon) || !File.Exists("/usr/bin/ssh-keygen")) Assert.Skip("needs openssh-server and openssh-client");
        if (Environment.UserName == "root") Directory.CreateDirectory("/run/sshd");
        var folder = Directory.CreateTempSubdirectory("attn-crnn-ssh-");
        string At(string name) => Path.Combine(folder.FullName, name);
        await Run("/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", At("host"));
        await Run("/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", At("user"));
        await File.WriteAllTextAsync(At("authorized"), acceptKey ? await File.ReadAllTextAsync(At("user.pub")) : "");
        var port = FreePort();
        await File.WriteAllTextAsync(At("sshd_config"), $"""
            Port {port}
            ListenAddress 127.0.0.1
            HostKey {At("host")}
            AuthorizedKeysFile {At("authorized")}
            PidFile none
            StrictModes no
            PermitRootLogin yes
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            UsePAM no

            """);
        var start = new ProcessStartInfo(Daemon) { ArgumentList = { "-D", "-e", "-f", At("sshd_config") }, RedirectStandardError = true };
        var daemon = Process.Start(start)!;
        await UntilListening(daemon, port);
        string[] options =
        [
            "-F", "none", "-p", $"{port}", "-i", At("user"), "-o", "IdentitiesOnly=yes", "-o", $"UserKnownHostsFile={At("known")}",
            "-o", "StrictHostKeyChecking=accept-new", "-o", "LogLevel=ERROR",
        ];
        return new SshServer(folder, daemon, new RemoteHost("127.0.0.1", options));
    }

    public async ValueTask DisposeAsync()
    {
        daemon.Kill(entireProcessTree: true);
        await daemon.WaitForExitAsync();
        daemon.Dispose();
        folder.Delete(recursive: true);
    }

    private static async Task UntilListening(Process daemon, int port)
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            if (daemon.HasExited) Assert.Skip($"sshd does not run here: {await daemon.StandardError.ReadToEndAsync()}");
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(50);
            }
        }
        Assert.Fail("sshd did not listen within 5 seconds");
    }

    private static async Task Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
