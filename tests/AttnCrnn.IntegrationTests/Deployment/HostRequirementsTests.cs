using System.Diagnostics;

namespace AttnCrnn.IntegrationTests.Deployment;

/// <summary>
/// A machine's missing requirements are reported in one line, with a remedy, before anything is uploaded.
/// </summary>
[Requires("sshd")]
public sealed class HostRequirementsTests
{
    [Fact]
    public async Task Missing_remote_programs_are_named_with_an_install_hint()
    {
        await using var server = await SshServer.Start(withoutPrograms: true);
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        foreach (var folder in (string[])["/usr/bin", "/bin"])
        foreach (
            var program in Directory
                .GetFiles(folder)
                .Where(path => Path.GetFileName(path) is not ("tmux" or "rsync" or "sudo" or "shutdown"))
        )
            if (!Path.Exists(Path.Combine(server.RemotePrograms, Path.GetFileName(program))))
                File.CreateSymbolicLink(Path.Combine(server.RemotePrograms, Path.GetFileName(program)), program);

        var error = ErrorOf(laptop.Deploy("--", "--data_dirs", "store"), 1);
        foreach (var program in (string[])["tmux", "rsync"])
        {
            Assert.Contains($"{program} is missing", error, StringComparison.Ordinal);
            Assert.Contains($"apt-get install {program}", error, StringComparison.Ordinal);
        }
        Assert.Empty(Directory.GetFileSystemEntries(server.Home));
    }

    [Fact]
    [Requires("tmpfs")]
    public async Task A_full_disk_is_reported_before_and_during_the_upload()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        using var disk = Mount.Create(Path.Combine(server.Home, "small"), "size=8m");
        var textBefore = ErrorOf(laptop.Deploy("--dir", "small/runs", "--", "--data_dirs", "store"), 1);
        Assert.Contains("--dir", textBefore, StringComparison.Ordinal);
        Assert.Contains(" MiB are free", textBefore, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(server.Home, "small")));

        // More than the disk has room for, as rsync counts it.
        server.ReplaceRemoteProgram("df", FormatFreeSpace(400 << 10));
        laptop.MakeStore("large");
        using (var hole = File.Create(laptop.PathOf("large", "hole")))
            hole.SetLength(1L << 30);
        Assert.Contains(
            "needs 1024 MiB, and ",
            ErrorOf(laptop.Deploy("--", "--data_dirs", "large"), 1),
            StringComparison.Ordinal
        );

        // The disk fills up during the upload: a df that does not report it.
        server.ReplaceRemoteProgram("df", FormatFreeSpace(9999999));
        var duringUpload = ErrorOf(laptop.Deploy("--dir", "small/runs", "--", "--data_dirs", "store"), 1);
        Assert.Contains("No space left on device", duringUpload, StringComparison.Ordinal);
        Assert.Contains("repeat the command to continue", duringUpload, StringComparison.Ordinal);
    }

    [Fact]
    [Requires("tmpfs")]
    public async Task A_run_with_a_full_disk_exits_with_its_code_and_can_be_resumed()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        using var disk = Mount.Create(Path.Combine(server.Home, "small"), "size=400m");
        string[] location = ["--host", SshServer.Name, "--dir", "small/runs"];
        string[] line =
        [
            "--dir",
            "small/runs",
            "--",
            "--data_dirs",
            "store",
            "--epochs",
            "20000",
            "--patience",
            "20000",
        ];
        var deployment = laptop.Deploy(line);
        Assert.True(deployment.Code == 0, deployment.Error);
        var filler = Path.Combine(server.Home, "small", "filler");
        using (
            var process = Process.Start(
                new ProcessStartInfo("dd", ["if=/dev/zero", $"of={filler}", "bs=64k"]) { RedirectStandardError = true }
            )!
        )
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await RemoteRun.WaitUntil(() =>
            laptop.Run(["monitor", .. location]).Output.Contains("ended with ", StringComparison.Ordinal)
        );
        File.Delete(filler);
        // Less free space than a first deployment needs, but the program has been uploaded already.
        var secondResult = laptop.Deploy(line);
        Assert.True(
            secondResult.Code == 0
                && secondResult.Error.Contains("is unfinished: resuming it", StringComparison.Ordinal),
            secondResult.Error
        );
        Assert.Equal(0, laptop.Run(["stop", .. location]).Code);
    }

    [Fact]
    [Requires("tmpfs")]
    public async Task A_read_only_or_foreign_folder_is_rejected()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        string[] line = ["--", "--data_dirs", "store"];
        Directory.CreateDirectory(Path.Combine(server.Home, "photos"));
        File.WriteAllText(Path.Combine(server.Home, "photos", "cat.jpg"), "");
        Assert.Contains(
            ".attn-crnn",
            ErrorOf(laptop.Deploy(["--dir", "photos", .. line]), 3),
            StringComparison.Ordinal
        );
        File.CreateSymbolicLink(Path.Combine(server.Home, "way_home"), server.Home);
        Assert.Contains(
            "the home folder",
            ErrorOf(laptop.Deploy(["--dir", "way_home", .. line]), 3),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "is not a folder",
            ErrorOf(laptop.Deploy(["--dir", "photos/cat.jpg/runs", .. line]), 3),
            StringComparison.Ordinal
        );
        File.CreateSymbolicLink(Path.Combine(server.Home, "scratch"), Path.Combine(server.Home, "not mounted"));
        foreach (var dir in (string[])["scratch", "scratch/runs"])
            Assert.Contains(
                "symbolic link",
                ErrorOf(laptop.Deploy(["--dir", dir, .. line]), 3),
                StringComparison.Ordinal
            );
        using var mount = Mount.Create(Path.Combine(server.Home, "frozen"), "size=1g,ro");
        Assert.Contains(
            "cannot be written",
            ErrorOf(laptop.Deploy(["--dir", "frozen/runs", .. line]), 3),
            StringComparison.Ordinal
        );
        Assert.Equal(
            ["cat.jpg"],
            Directory.GetFileSystemEntries(Path.Combine(server.Home, "photos")).Select(Path.GetFileName)
        );
    }

    [Theory]
    [InlineData("", "is on a file system that is mounted with noexec")]
    [InlineData("exit 1", "no program can be run in ")] // as where findmnt is missing: found by trying it
    [Requires("tmpfs")]
    public async Task A_folder_from_which_no_program_can_be_run_is_found_before_the_upload(
        string findmnt,
        string expected
    )
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        if (findmnt.Length > 0)
            server.ReplaceRemoteProgram("findmnt", findmnt);
        using var disk = Mount.Create(Path.Combine(server.Home, "scratch"), "size=1g,noexec");
        var error = ErrorOf(laptop.Deploy("--dir", "scratch/runs", "--", "--data_dirs", "store"), 3);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Contains("--dir", error, StringComparison.Ordinal);
        var programs = Path.Combine(server.Home, "scratch", "runs", "program");
        Assert.True(!Directory.Exists(programs) || Directory.GetFileSystemEntries(programs).Length == 0);
    }

    [Fact]
    public async Task A_rejected_key_is_reported_in_one_line_by_every_command()
    {
        await using var server = await SshServer.Start(acceptKey: false);
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        foreach (
            var line in (string[][])
                [
                    ["deploy", "--", "--data_dirs", "store"],
                    ["monitor"],
                    ["monitor", "-c"],
                    ["fetch"],
                    ["stop"],
                ]
        )
        {
            laptop.Variables["ATTN_CRNN_HOST"] = SshServer.Name;
            Assert.Contains("ssh-copy-id lab", ErrorOf(laptop.Run(line), 1), StringComparison.Ordinal);
        }
    }

    private static string FormatFreeSpace(int kib) =>
        $"printf 'Filesystem 1024-blocks Used Available Capacity Mounted\\nx 9999999 1 {kib} 1%% /\\n'";

    private static string ErrorOf((int Code, string Output, string Error) end, int code)
    {
        Assert.True(end.Code == code, $"{end.Code}: {end.Error}");
        return Assert.Single(end.Error.Split('\n'), line => line.StartsWith("attn-crnn: ", StringComparison.Ordinal));
    }

    /// <summary>A small tmpfs, which only root may mount.</summary>
    private sealed class Mount : IDisposable
    {
        private readonly string folder;

        private Mount(string folder) => this.folder = folder;

        public static Mount Create(string folder, string options)
        {
            Directory.CreateDirectory(folder);
            Assert.Equal(0, Run("mount", "-t", "tmpfs", "-o", options, "none", folder));
            return new(folder);
        }

        public void Dispose() => Run("umount", "-l", folder);

        private static int Run(string program, params string[] arguments)
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardError = true }
            )!;
            process.WaitForExit();
            return process.ExitCode;
        }
    }
}
