using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AttnCrnn.Deployment.Machines;

namespace AttnCrnn.IntegrationTests.Deployment.Machines;

/// <summary>
/// A private sshd on a free loopback port, with its own home folder, tmux and stub programs on the remote side, and a
/// local ssh that knows it by the host name "lab". All of it is removed after the test.
/// </summary>
internal sealed class SshServer : IAsyncDisposable
{
    public const string Name = "lab";

    // The absolute path: sshd re-executes itself for each connection and refuses to start without it.
    private static readonly Lazy<string> Daemon = new(() => SystemProgram.Find("sshd"));

    private readonly DirectoryInfo folder;
    private Process daemon;

    private SshServer(DirectoryInfo folder, Process daemon, int port)
    {
        this.folder = folder;
        this.daemon = daemon;
        Port = port;
    }

    public int Port { get; }

    /// <summary>The remote home folder.</summary>
    public string Home => PathOf("there");

    /// <summary>The first folder in the remote PATH.</summary>
    public string RemotePrograms => PathOf("programs-there");

    /// <summary>
    /// The first folder in the local PATH; holds an ssh that reads the test's configuration, not the user's.
    /// </summary>
    public string LocalPrograms => PathOf("programs-here");

    public RemoteHost Host => new(Name, null, null, ["-F", PathOf("ssh_config")]);

    /// <param name="acceptKey">Whether the server accepts the client's key.</param>
    /// <param name="withoutPrograms">Whether the remote PATH has only basic tools, for tests of missing ones.</param>
    /// <param name="shareConnection">
    /// Whether ssh commands share a connection (ControlMaster), which speeds up tests with dozens of them.
    /// </param>
    public static async Task<SshServer> Start(
        bool acceptKey = true,
        bool withoutPrograms = false,
        bool shareConnection = true
    )
    {
        if (Environment.UserName == "root")
            Directory.CreateDirectory("/run/sshd");
        var folder = Directory.CreateTempSubdirectory("attn-crnn-ssh-");
        string PathOf(string name) => Path.Combine(folder.FullName, name);
        foreach (var name in (string[])["there", "tmux", "programs-there", "programs-here"])
            Directory.CreateDirectory(PathOf(name));
        await Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", PathOf("host"));
        await Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", PathOf("user"));
        await File.WriteAllTextAsync(
            PathOf("authorized"),
            acceptKey ? await File.ReadAllTextAsync(PathOf("user.pub")) : ""
        );
        var port = FreePort();
        var systemFolders = withoutPrograms ? "" : ":/usr/local/bin:/usr/bin:/bin";
        await File.WriteAllTextAsync(
            PathOf("sshd_config"),
            $"""
            Port {port}
            ListenAddress 127.0.0.1
            HostKey {PathOf("host")}
            AuthorizedKeysFile {PathOf("authorized")}
            PidFile none
            StrictModes no
            PermitRootLogin yes
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            UsePAM no
            SetEnv HOME={PathOf("there")} TMUX_TMPDIR={PathOf("tmux")} PATH={PathOf("programs-there")}{systemFolders}

            """
        );
        // The fastest key exchange.
        await File.WriteAllTextAsync(
            PathOf("ssh_config"),
            $"""
            Host {Name}
                HostName 127.0.0.1
                Port {port}
                IdentityFile {PathOf("user")}
                IdentitiesOnly yes
                UserKnownHostsFile {PathOf("known")}
                StrictHostKeyChecking accept-new
                KexAlgorithms curve25519-sha256
                LogLevel ERROR
                ControlMaster {(shareConnection ? "auto" : "no")}
                ControlPath {PathOf("shared")}
                ControlPersist 60

            """
        );
        WriteProgram(
            PathOf("programs-here"),
            "ssh",
            $"exec {SystemProgram.Find("ssh")} -F '{PathOf("ssh_config")}' \"$@\""
        );
        // A stub, so that no test switches this machine off.
        WriteProgram(PathOf("programs-there"), "shutdown", $"echo \"$@\" >>'{PathOf("shutdown")}'");
        WriteProgram(PathOf("programs-there"), "sudo", "exit 1");
        var server = new SshServer(
            folder,
            Process.Start(
                new ProcessStartInfo(Daemon.Value)
                {
                    ArgumentList = { "-D", "-e", "-f", PathOf("sshd_config") },
                    RedirectStandardError = true,
                }
            )!,
            port
        );
        await server.WaitUntilListening();
        return server;
    }

    /// <summary>The arguments of the calls of shutdown.</summary>
    public string? Shutdown => File.Exists(PathOf("shutdown")) ? File.ReadAllText(PathOf("shutdown")).Trim() : null;

    /// <summary>Shadows a remote system program with a stub of that name.</summary>
    public void ReplaceRemoteProgram(string name, string script) => WriteProgram(RemotePrograms, name, script);

    /// <summary>A file of the server: "known", the known hosts; "host", its key.</summary>
    public string PathOf(string name) => Path.Combine(folder.FullName, name);

    /// <summary>Cuts all open connections, as a network failure does; the server keeps running.</summary>
    public int CutConnections()
    {
        var cutCount = 0;
        // The server's sshd descendants; the processes they started keep running, as after a real failure.
        foreach (
            var child in ChildrenOf(daemon.Id).SelectMany(id => ChildrenOf(id).Append(id)).Where(IsDaemon).ToList()
        )
        {
            try
            {
                using var process = Process.GetProcessById(child);
                process.Kill();
                cutCount++;
            }
            catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
            {
                // The process has ended meanwhile.
            }
        }
        return cutCount;
    }

    /// <summary>Gives the server another host key, as a reinstalled machine has.</summary>
    public async Task ChangeHostKey()
    {
        File.Delete(PathOf("host"));
        File.Delete(PathOf("host.pub"));
        await Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", PathOf("host"));
        await StopDaemon();
        daemon = Process.Start(
            new ProcessStartInfo(Daemon.Value)
            {
                ArgumentList = { "-D", "-e", "-f", PathOf("sshd_config") },
                RedirectStandardError = true,
            }
        )!;
        await WaitUntilListening();
    }

    /// <summary>Runs the remote tmux and returns its output.</summary>
    public string Tmux(params string[] arguments)
    {
        var start = new ProcessStartInfo("tmux", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TMUX_TMPDIR"] = PathOf("tmux");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }

    public async ValueTask DisposeAsync()
    {
        Tmux("kill-server");
        await StopDaemon();
        daemon.Dispose();
        // A training outlives its session.
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
                await Task.Delay(100); // a killed process may still be writing
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

    private async Task WaitUntilListening()
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
