using System.Diagnostics;

namespace AttnCrnn.IntegrationTests.Deployment;

/// <summary>Sources of deploy's settings, and its dry run.</summary>
public sealed class DeploySettingsTests
{
    [Fact]
    [Requires("sshd")]
    public async Task Options_override_variables_which_override_the_settings_file()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        File.WriteAllText(
            laptop.PathOf("deploy.json"),
            $$"""
            {
              "host": "{{SshServer.Name}}",
              "name": "file",
              "data_dirs": ["store"],
              "program": "{{Laptop.Program}}",
              "train": {"epochs": 3, "seed": 5, "patience": 2}
            }
            """
        );
        laptop.Variables["ATTN_CRNN_NAME"] = "variable";
        laptop.Variables["ATTN_CRNN_TRAIN_FLAGS"] = "--epochs 4 --patience 9";

        using var script = Process.Start(
            Prepare(laptop, server, "deploy_attn_crnn_v2.sh", "--dry_run", "--", "--epochs", "5")
        )!;
        var (code, output, error) = BuiltProgram.WaitForExit(script)[0];
        Assert.True(code == 0, error);
        Assert.Contains("\"epochs\": 5,", output, StringComparison.Ordinal);
        Assert.Contains("\"patience\": 9,", output, StringComparison.Ordinal);
        Assert.Contains("\"seed\": 5,", output, StringComparison.Ordinal);
        // The session of record and start.
        Assert.Contains("' 'variable' 'attn_crnn_v2_", output, StringComparison.Ordinal);
        Assert.Contains("\nrsync -rLt ", output, StringComparison.Ordinal);
        Assert.Contains("tmux new-session -d", output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(server.Home)); // it was a dry run
        using var monitor = Process.Start(Prepare(laptop, server, "monitor_attn_crnn_v2.sh"))!;
        Assert.Contains("no deployment here", BuiltProgram.WaitForExit(monitor)[0].Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"hots": "x"}""", "unknown key 'hots'; did you mean host?")]
    [InlineData("""{"host": "x", "port": "many"}""", "deploy.json: port many: expected a whole number")]
    [InlineData("""{"host": "x", "port": 22.5}""", "deploy.json: port 22.5: expected a whole number")]
    [InlineData("""{"host": "x", "port": 22.0}""", "--data_dirs is missing")]
    [InlineData(
        """{"host": "x", "train": {"epoch": 3}, "data_dirs": ["store"]}""",
        "'epoch' is not an option of train; did you mean epochs?"
    )]
    [InlineData("""{"host": "x", "train": ["--epochs"]}""", "'train' must be an object")]
    [InlineData("""{"host": "x", "name": "a.b", "data_dirs": ["store"]}""", "use a_b")]
    [InlineData(
        """{"host": "x", "fetch_within": 3, "data_dirs": ["store"]}""",
        "--fetch_within requires --stop_when_done"
    )]
    [InlineData("""{"host": "x", "to": "moon"}""", "deploy.json: to moon: expected ")]
    [InlineData("""{"data_dirs": ["store"]}""", "--host is missing")]
    [InlineData("""{"host": "ssh://x"}""", "rsync", 1)]
    [InlineData("""{"host": "x"}""", "--data_dirs is missing")]
    [InlineData("""{"host": "x", "train": {"workdir": "w"}, "data_dirs": ["store"]}""", "--workdir is its --dir")]
    public void An_invalid_setting_is_named_before_any_connection(string file, string expected, int exitCode = 2)
    {
        using var laptop = new Laptop(null);
        laptop.MakeStore();
        File.WriteAllText(laptop.PathOf("deploy.json"), file);
        var (code, _, error) = laptop.Run("deploy");
        Assert.True(code == exitCode && error.Contains(expected, StringComparison.Ordinal), error);
    }

    [Fact]
    public void Resume_latest_needs_a_run_that_was_fetched()
    {
        using var laptop = new Laptop(null);
        var (code, _, error) = laptop.Run("deploy", "--host", "x", "--resume", "latest");
        Assert.Equal(3, code);
        Assert.Contains("latest: there is no link", error, StringComparison.Ordinal);
    }

    [Fact]
    public void All_errors_of_deploy_its_file_and_its_training_are_reported_at_once()
    {
        using var laptop = new Laptop(null);
        File.WriteAllText(
            laptop.PathOf("deploy.json"),
            """{"hots": "x", "port": [], "train": {"epoch": 3, "seed": -1}, "extract": ["--bogus5"]}"""
        );
        var (code, _, error) = laptop.Run("deploy", "--bogus1", "--to", "foo", "--", "--bogus2", "--epochs", "0");
        Assert.Equal(2, code);
        string[] expected =
        [
            "--bogus1: unknown option of deploy",
            "deploy.json: unknown key 'hots'",
            "deploy.json: 'port' must be",
            "--to foo: expected ssh, local or slurm",
            "--bogus5: unknown option of extract",
            "deploy.json: 'epoch' is not an option of train",
            "--bogus2: unknown option of train",
            "--epochs 0: expected 1 to",
            "--seed -1: expected",
        ];
        Assert.All(expected, message => Assert.Contains(message, error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"train": "x"}""", "'train' must be an object")]
    [InlineData("""{"data_dirs": [null]}""", "'data_dirs' must be a string or a list of strings")]
    [InlineData("""{"data_dirs": {"a": 1}}""", "'data_dirs' must be a string or a list of strings")]
    [InlineData("""{"host": ["x"]}""", "'host' must be a string, a number, true or false")]
    public void An_invalid_settings_file_is_rejected_by_deploy_and_init_and_kept(string file, string expected)
    {
        using var laptop = new Laptop(null);
        File.WriteAllText(laptop.PathOf("deploy.json"), file);
        foreach (
            var (code, _, error) in (IEnumerable<(int, string, string)>)
                [laptop.Run("deploy"), laptop.Init("", "me@there", "", "", "", "one", "")]
        )
            Assert.True(
                code == 2
                    && error.StartsWith($"attn-crnn: deploy.json: {expected}", StringComparison.Ordinal)
                    && error.Contains("; correct or remove it", StringComparison.Ordinal),
                error
            );
        Assert.Equal(file, File.ReadAllText(laptop.PathOf("deploy.json")));
    }

    [Fact]
    [Requires("sshd")]
    public async Task A_local_run_is_deployed_without_ssh()
    {
        await using var server = await SshServer.Start(); // only for its tmux and home folder
        using var laptop = new Laptop(null);
        laptop.MakeStore();
        foreach (
            var (name, value) in (IEnumerable<(string, string)>)
                [("HOME", server.Home), ("TMUX_TMPDIR", server.PathOf("tmux")), ("ATTN_CRNN_TO", "local")]
        )
            laptop.Variables[name] = value;
        var deployment = laptop.Run(
            "deploy",
            "--program",
            Laptop.Program,
            "--",
            "--data_dirs",
            "store",
            "--epochs",
            "2"
        );
        Assert.True(deployment.Code == 0, deployment.Error);
        var monitoring = laptop.Run("monitor", "-c");
        Assert.True(
            monitoring.Code == 0 && monitoring.Output.Contains("all verified by hash", StringComparison.Ordinal),
            monitoring.Error
        );
        Assert.True(File.Exists(Path.Combine(server.Home, "attn_crnn_v2", ".attn-crnn")));
        Assert.True(File.Exists(laptop.PathOf("analysis_results", "latest", "report.html")));
    }

    [Fact]
    [Requires("sshd")]
    public async Task The_program_is_published_once_per_platform_and_source_version()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        laptop.MakeStore();
        // A stub dotnet: a real publish takes most of a minute and needs a network.
        var calls = laptop.PathOf("calls");
        File.WriteAllText(
            Path.Combine(server.LocalPrograms, "dotnet"),
            $"#!/bin/sh\necho \"$@\" >>'{calls}'\nwhile [ \"$1\" != -o ]; do shift; done\n"
                + $"mkdir -p \"$2\"\ncp -a '{Laptop.Program}'/. \"$2\"\n"
        );
        using (var chmod = Process.Start("chmod", ["+x", Path.Combine(server.LocalPrograms, "dotnet")]))
            chmod.WaitForExit();
        string[] line =
        [
            "deploy",
            "--host",
            SshServer.Name,
            "--replace",
            "--",
            "--data_dirs",
            "store",
            "--epochs",
            "1",
        ];
        var first = laptop.Run(line);
        Assert.True(first.Code == 0, first.Error);
        Assert.Matches(
            "^publish \\S+/src/AttnCrnn.Cli/AttnCrnn.Cli.csproj -c Release -r linux-(x64|arm64) --self-contained -o ",
            File.ReadAllText(calls)
        );
        Assert.Equal(0, laptop.Run(line).Code);
        Assert.Single(File.ReadAllLines(calls));
        var stamp = Directory.GetFiles(laptop.PathOf(".cache", "attn-crnn", "program"), "*.stamp").Single();
        File.SetLastWriteTimeUtc(stamp, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Equal(0, laptop.Run(line).Code);
        Assert.Equal(2, File.ReadAllLines(calls).Length);
    }

    private static ProcessStartInfo Prepare(Laptop laptop, SshServer server, string script, params string[] arguments)
    {
        var start = new ProcessStartInfo(Repository.Path(script), arguments)
        {
            WorkingDirectory = laptop.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in laptop.Variables)
            start.Environment[name] = value;
        start.Environment["PATH"] = $"{server.LocalPrograms}:{start.Environment["PATH"]}";
        return start;
    }
}
