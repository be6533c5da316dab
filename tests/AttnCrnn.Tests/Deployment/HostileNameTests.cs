using AttnCrnn.Deployment;
using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Scripts;
using AttnCrnn.Deployment.Transfer;
using CsCheck;

namespace AttnCrnn.Tests.Deployment;

/// <summary>Names that mean something to a shell arrive as they are, and run nothing.</summary>
public sealed class HostileNameTests
{
    private static readonly string[] Letters =
    [
        "'",
        "\"",
        "$",
        "`",
        "\\",
        " ",
        "\n",
        "\t",
        ";",
        "&",
        "|",
        "*",
        "?",
        "~",
        "#",
        "-",
        "!",
        "{",
        "}",
        "(",
        ")",
        "<",
        ">",
        "=",
        "%",
        "é",
        "語",
        "a",
        "b",
        "0",
        "n",
        "x",
    ];

    [Fact]
    [Requires("unix")]
    public void Any_text_is_one_word_of_a_real_shell()
    {
        // Many texts a shell: the quoting is what is looked at, and not how fast a process starts.
        Gen.Int[0, Letters.Length - 1]
            .Select(i => Letters[i])
            .Array[0, 12]
            .Select(letters => string.Concat(letters))
            .Array[1, 60]
            .Sample(
                texts =>
                {
                    // A mark behind each: command substitution and the like would swallow line ends.
                    var script = Script.Plain(
                        string.Concat(texts.Select(text => $"printf '%s\\001\\002' {ShellText.Quote(text)}\n"))
                    );
                    var printed = new LocalMachine()
                        .RunAsync(script, TestContext.Current.CancellationToken)
                        .GetAwaiter()
                        .GetResult();
                    Assert.Equal(string.Concat(texts.Select(text => text + "\u0001\u0002")), printed);
                },
                iter: 60,
                threads: 1
            );
    }

    [Fact]
    [Requires("sshd")]
    public async Task A_deployment_with_hostile_names_works_and_runs_none_of_them()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        const string hostile = "it's \"$(touch gotcha)\" `touch gotcha`\n; touch gotcha #{pane_id} 100%";
        laptop.MakeStore(hostile);
        string[] where = ["--host", SshServer.Name, "--dir", $"runs of {hostile}"];

        var deployed = laptop.Run([
            "deploy",
            .. where,
            "--program",
            Laptop.Program,
            "--",
            "--data_dirs",
            hostile,
            "--epochs",
            "1",
        ]);
        Assert.True(deployed.Code == 0, deployed.Error);
        var watched = laptop.Run(["monitor", "-c", .. where]);
        Assert.True(
            watched.Code == 0 && watched.Output.Contains("all verified by hash", StringComparison.Ordinal),
            watched.Error
        );
        Assert.True(File.Exists(Path.Combine(server.Home, $"runs of {hostile}", ".attn-crnn")));
        Assert.DoesNotContain(
            Directory.EnumerateFileSystemEntries(server.Home, "gotcha", SearchOption.AllDirectories),
            _ => true
        );
        Assert.DoesNotContain(
            Directory.EnumerateFileSystemEntries(laptop.Folder, "gotcha", SearchOption.AllDirectories),
            _ => true
        );
        Assert.False(
            File.Exists(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "gotcha"))
        );
    }

    [Theory]
    [InlineData("/")]
    [InlineData("")]
    [InlineData("~")]
    [InlineData("~/")]
    [InlineData("//.//")]
    [InlineData("runs/../..")]
    [InlineData("~root/runs")]
    public void A_folder_that_is_or_may_be_the_root_or_a_home_is_refused(string folder) =>
        Assert.Throws<RemoteRefusedException>(() => RemoteFolder.Clean(folder));

    [Theory]
    [InlineData("~/runs/", "runs")]
    [InlineData("/data//runs/./a", "/data/runs/a")]
    [InlineData("a b", "a b")]
    public void A_folder_is_absolute_or_counts_from_home(string given, string clean) =>
        Assert.Equal(clean, RemoteFolder.Clean(given));

    [Theory]
    [InlineData("v1.2", "v1_2")]
    [InlineData("a:b", "a_b")]
    [InlineData("=a", "_a")]
    [InlineData("-t", "t")]
    [InlineData("", "attn_crnn_v2")]
    public void A_session_that_tmux_would_rename_or_misread_is_refused_with_one_that_would_do(
        string name,
        string near
    ) => Assert.EndsWith($"; use {near}", SessionName.Error(name), StringComparison.Ordinal);

    [Fact]
    public void A_list_of_files_that_reaches_beyond_the_run_is_refused()
    {
        var hash = new string('a', 64);
        Assert.Single(RunManifest.Parse("m", "run", $"{hash}  logs/run/train.log\n").Files);
        foreach (
            var path in (string[])["logs/other/train.log", "logs/run/../../../x", "/etc/passwd", "elsewhere/run/x"]
        )
            Assert.Throws<RemoteException>(() => RunManifest.Parse("m", "run", $"{hash}  {path}\n"));
    }
}
