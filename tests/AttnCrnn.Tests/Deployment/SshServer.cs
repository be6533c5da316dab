using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AttnCrnn.Deployment.Machines;

namespace AttnCrnn.Tests.Deployment;

/// <summary>
/// A sshd of this test's own on a free port of the loopback, with a home folder, a tmux and programs of its own on the far side, and an ssh on the near side
/// that knows it by the name "lab". All of it goes with the test.
/// </summary>
internal sealed class SshServer : IAsyncDisposable
{
    public const string Name = "lab";

    // By its whole path: sshd starts itself again for each connection, and refuses to do so otherwise.
    private static readonly Lazy<string> Daemon = new(() => SystemProgram.Find("sshd"));

    private readonly DirectoryInfo folder;
    private Process daemon;

    private SshServer(DirectoryInfo folder, Process daemon, int port) =>
        (this.folder, this.daemon, Port) = (folder, daemon, port);

    public int Port { get; }

    /// <summary>The home folder there.</summary>
    public string Home => At("there");

    /// <summary>Comes first in PATH there.</summary>
    public string ProgramsThere => At("programs-there");

    /// <summary>Comes first in PATH here; holds an ssh that reads the test's configuration and not the user's.</summary>
    public string ProgramsHere => At("programs-here");

    public RemoteHost Host => new(Name, null, null, ["-F", At("ssh_config")]);

    /// <param name="acceptKey">Whether the server takes the key that it is offered.</param>
    /// <param name="bare">Whether nothing is in PATH there but the plainest tools, so that a test can leave some out.</param>
    /// <param name="probability">Whether ssh's commands share a connection, as many users have it: a test makes dozens of them.</param>
    public static async Task<SshServer> Start(bool acceptKey = true, bool bare = false, bool probability = true)
    {
        if (Environment.UserName == "root")
            Directory.CreateDirectory("/run/sshd");
        var folder = Directory.CreateTempSubdirectory("attn-crnn-ssh-");
        string At(string name) => Path.Combine(folder.FullName, name);
        foreach (var name in (string[])["there", "tmux", "programs-there", "programs-here"])
            Directory.CreateDirectory(At(name));
        await Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", At("host"));
        await Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", At("user"));
        await File.WriteAllTextAsync(At("authorized"), acceptKey ? await File.ReadAllTextAsync(At("user.pub")) : "");
        var port = FreePort();
        var rest = bare ? "" : ":/usr/local/bin:/usr/bin:/bin";
        await File.WriteAllTextAsync(
            At("sshd_config"),
            $"""
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
            SetEnv HOME={At("there")} TMUX_TMPDIR={At("tmux")} PATH={At("programs-there")}{rest}

            """
        );
        // The key exchange is the quickest there is.
        await File.WriteAllTextAsync(
            At("ssh_config"),
            $"""
            Host {Name}
                HostName 127.0.0.1
                Port {port}
                IdentityFile {At("user")}
                IdentitiesOnly yes
                UserKnownHostsFile {At("known")}
                StrictHostKeyChecking accept-new
                KexAlgorithms curve25519-sha256
                LogLevel ERROR
                ControlMaster {(probability ? "auto" : "no")}
                ControlPath {At("shared")}
                ControlPersist 60

            """
        );
        WriteProgram(At("programs-here"), "ssh", $"exec {SystemProgram.Find("ssh")} -F '{At("ssh_config")}' \"$@\"");
        // Whatever a test does, this machine stays on.
        WriteProgram(At("programs-there"), "shutdown", $"echo \"$@\" >>'{At("shutdown")}'");
        WriteProgram(At("programs-there"), "sudo", "exit 1");
        var server = new SshServer(
            folder,
            Process.Start(
                new ProcessStartInfo(Daemon.Value)
                {
                    ArgumentList = { "-D", "-e", "-f", At("sshd_config") },
                    RedirectStandardError = true,
                }
            )!,
            port
        );
        await server.UntilListening();
        return server;
    }

    /// <summary>Whether the machine was switched off: what shutdown was called with.</summary>
    public string? Shutdown => File.Exists(At("shutdown")) ? File.ReadAllText(At("shutdown")).Trim() : null;

    /// <summary>A program of the test's own there, before the system's of that name.</summary>
    public void ReplaceThere(string name, string script) => WriteProgram(ProgramsThere, name, script);

    /// <summary>A file of the server's: known, the known hosts; host, its key.</summary>
    public string At(string name) => Path.Combine(folder.FullName, name);

    /// <summary>Cuts all connections that there are, as a network does that goes away; the server itself stays.</summary>
    public int CutConnections()
    {
        var cut = 0;
        // The server's children and theirs, as far as they are sshd: what they started lives on, as after a real loss.
        foreach (
            var child in ChildrenOf(daemon.Id).SelectMany(id => ChildrenOf(id).Append(id)).Where(IsDaemon).ToList()
        )
        {
            try
            {
                using var process = Process.GetProcessById(child);
                process.Kill();
                cut++;
            }
            catch (Exception fault) when (fault is ArgumentException or InvalidOperationException)
            {
                // It went by itself meanwhile.
            }
        }
        return cut;
    }

    /// <summary>Gives the server another key, as a machine that was made anew has.</summary>
    public async Task ChangeHostKey()
    {
        File.Delete(At("host"));
        File.Delete(At("host.pub"));
        await Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", At("host"));
        await StopDaemon();
        daemon = Process.Start(
            new ProcessStartInfo(Daemon.Value)
            {
                ArgumentList = { "-D", "-e", "-f", At("sshd_config") },
                RedirectStandardError = true,
            }
        )!;
        await UntilListening();
    }

    /// <summary>Runs tmux as it is there, and gives what it prints.</summary>
    public string Tmux(params string[] arguments)
    {
        var start = new ProcessStartInfo("tmux", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TMUX_TMPDIR"] = At("tmux");
        using var process = Process.Start(start)!;
        var printed = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return printed;
    }

    public async ValueTask DisposeAsync()
    {
        Tmux("kill-server");
        await StopDaemon();
        daemon.Dispose();
        // A training whose session is gone goes on by itself.
        using (var kill = Process.Start("pkill", ["-9", "-f", folder.FullName]))
            await kill.WaitForExitAsync();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                folder.Delete(recursive: true);
                return;
            }
            catch (IOException) when (attempt < 50)
            {
                await Task.Delay(100); // what was killed a moment ago may still be writing
            }
        }
    }

    private async Task StopDaemon()
    {
        CutConnections();
        if (!daemon.HasExited)
            daemon.Kill();
        await daemon.WaitForExitAsync();
    }

    private static bool IsDaemon(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/comm").StartsWith("sshd", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static IEnumerable<int> ChildrenOf(int id)
    {
        try
        {
            return
            [
                .. File.ReadAllText($"/proc/{id}/task/{id}/children")
                    .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Select(int.Parse),
            ];
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static void WriteProgram(string folder, string name, string script)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private async Task UntilListening()
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            if (daemon.HasExited)
                Assert.Fail($"sshd does not run here: {await daemon.StandardError.ReadToEndAsync()}");
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, Port);
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
