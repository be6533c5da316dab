using AttnCrnn.Deployment;
using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Scripts;
using AttnCrnn.Deployment.Transfer;
using CsCheck;

namespace AttnCrnn.IntegrationTests.Deployment;

/// <summary>Names with shell metacharacters arrive unchanged and execute nothing.</summary>
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
    public void Any_text_is_quoted_as_one_word_of_a_real_shell()
    {
        // Many texts per shell process, since starting one is slow.
        Gen.Int[0, Letters.Length - 1]
            .Select(i => Letters[i])
            .Array[0, 12]
            .Select(letters => string.Concat(letters))
            .Array[1, 60]
            .Sample(
                texts =>
                {
                    // A mark after each text: command substitution would swallow trailing newlines.
                    var script = Script.FromText(
                        string.Concat(texts.Select(text => $"printf '%s\\001\\002' {ShellText.Quote(text)}\n"))
                    );
                    var output = new LocalMachine()
                        .RunAsync(script, TestContext.Current.CancellationToken)
                        .GetAwaiter()
                        .GetResult();
                    Assert.Equal(string.Concat(texts.Select(text => text + "\u0001\u0002")), output);
                },
                iter: 60,
                threads: 1
            );
    }

    [Fact]
    [Requires("sshd")]
    public async Task A_deployment_with_hostile_names_works_and_executes_none_of_them()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        const string hostile = "it's \"$(touch gotcha)\" `touch gotcha`\n; touch gotcha #{pane_id} 100%";
        laptop.MakeStore(hostile);
        // In the laptop's folder, so that files that a name created there are found as well.
        laptop.Variables["HOME"] = Directory.CreateDirectory(laptop.PathOf("home")).FullName;
        string[] location = ["--host", SshServer.Name, "--dir", $"runs of {hostile}"];

        var deployment = laptop.Run([
            "deploy",
            .. location,
            "--program",
            Laptop.Program,
            "--",
            "--data_dirs",
            hostile,
            "--epochs",
            "1",
        ]);
        Assert.True(deployment.Code == 0, deployment.Error);
        var monitoring = laptop.Run(["monitor", "-c", .. location]);
        Assert.True(
            monitoring.Code == 0 && monitoring.Output.Contains("all verified by hash", StringComparison.Ordinal),
            monitoring.Error
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
    }

    [Theory]
    [InlineData("/")]
    [InlineData("")]
    [InlineData("~")]
    [InlineData("~/")]
    [InlineData("//.//")]
    [InlineData("runs/../..")]
    [InlineData("~root/runs")]
    public void The_root_and_home_folders_are_rejected(string folder) =>
        Assert.Throws<InvalidRemoteRequestException>(() => RemoteFolder.Normalize(folder));

    [Theory]
    [InlineData("~/runs/", "runs")]
    [InlineData("/data//runs/./a", "/data/runs/a")]
    [InlineData("a b", "a b")]
    public void A_folder_is_absolute_or_relative_to_the_home_folder(string input, string expected) =>
        Assert.Equal(expected, RemoteFolder.Normalize(input));

    [Theory]
    [InlineData("v1.2", "v1_2")]
    [InlineData("a:b", "a_b")]
    [InlineData("=a", "_a")]
    [InlineData("-t", "t")]
    [InlineData("", "attn_crnn_v2")]
    public void An_invalid_tmux_session_name_is_rejected_with_a_valid_one(string name, string suggestion) =>
        Assert.EndsWith($"; use {suggestion}", SessionName.FindError(name)?.ToString(), StringComparison.Ordinal);

    [Fact]
    public void A_file_list_with_paths_outside_the_run_is_rejected()
    {
        var hash = new string('a', 64);
        Assert.Single(RunManifest.Parse("m", "run", $"{hash}  logs/run/train.log\n").Files);
        foreach (
            var path in (string[])["logs/other/train.log", "logs/run/../../../x", "/etc/passwd", "elsewhere/run/x"]
        )
            Assert.Throws<RemoteException>(() => RunManifest.Parse("m", "run", $"{hash}  {path}\n"));
    }
}
