using System.Diagnostics;
using System.Text.Json.Nodes;

namespace AttnCrnn.IntegrationTests.Deployment;

/// <summary>Monitor reads progress.jsonl, not the text of the log.</summary>
[Requires("sshd")]
public sealed class ProgressFollowTests
{
    private const string Run = "attn_crnn_v2_20260101_000000";
    private const int Epochs = 40;

    [Fact]
    public async Task Messages_and_status_come_from_the_events()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        var folder = CreateRun(server);
        await File.WriteAllTextAsync(Path.Combine(folder, "remote.log"), "a log of another format\n");
        await File.WriteAllLinesAsync(
            Path.Combine(folder, "progress.jsonl"),
            [
                """{"event":"start","time":"2026-01-01T00:00:00Z","epochs":9,"format_version":1,"run":"r"}""",
                Epoch(1),
                """{"event":"best","time":"2026-01-01T00:00:01Z","epochs":9,"epoch":1}""",
                """{"event":"learning_rate","time":"2026-01-01T00:00:01Z","epochs":9,"epoch":2,"from":1,"to":0.5}""",
                Epoch(2),
                """{"event":"early_stop","time":"2026-01-01T00:00:02Z","epochs":9,"epoch":2,"best_epoch":1}""",
                """{"event":"error","time":"2026-01-01T00:00:02Z","epochs":9,"message":"the disk is full"}""",
            ]
        );
        await File.WriteAllTextAsync(Path.Combine(folder, "exit_code"), "1");

        var json = JsonNode.Parse(laptop.Run("monitor", "--host", SshServer.Name, "--json").Output)!;
        Assert.Equal((2, 9, 1), ((int)json["epoch"]!, (int)json["epochs"]!, (int)json["best"]!["epoch"]!));
        var text = laptop.Run("monitor", "--host", SshServer.Name).Output;
        Assert.Matches("(?m)^error +the disk is full$", text);
        Assert.Matches("(?m)^early stop +after epoch 2, best epoch 1$", text);

        var first = laptop.Run("monitor", "--host", SshServer.Name, "-c");
        Assert.StartsWith(
            "a log of another format\n  best so far: epoch 1, val_accuracy 0.5000, UAR 0.4000\n"
                + "  learning rate 1 to 0.5 from epoch 2\n",
            first.Output,
            StringComparison.Ordinal
        );
        var second = laptop.Run("monitor", "--host", SshServer.Name, "-c");
        Assert.DoesNotContain("best so far", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_repeated_run_the_seed_that_is_trained_is_shown()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        var folder = CreateRun(server);
        var analysis = Path.Combine(server.Home, "attn_crnn_v2", "analysis_results", Run);
        Directory.CreateDirectory(analysis);
        await File.WriteAllTextAsync(
            Path.Combine(analysis, "config.json"),
            "{\n  \"repeat\": 3,\n  \"seed\": 5,\n  \"split_seed\": 9\n}\n"
        );
        await File.WriteAllTextAsync(Path.Combine(folder, "remote.log"), "");
        Directory.CreateDirectory(Path.Combine(folder, "seed_6"));
        await File.WriteAllLinesAsync(Path.Combine(folder, "progress.jsonl"), [Epoch(1), Epoch(2)]);
        await File.WriteAllLinesAsync(
            Path.Combine(folder, "seed_6", "progress.jsonl"),
            [
                Epoch(1).Replace("2026-01-01", "2026-01-02", StringComparison.Ordinal),
                """{"event":"best","time":"2026-01-02T00:00:01Z","epochs":9,"epoch":1}""",
            ]
        );
        await File.WriteAllTextAsync(Path.Combine(folder, "exit_code"), "1");
        var json = JsonNode.Parse(laptop.Run("monitor", "--host", SshServer.Name, "--json").Output)!;
        Assert.Equal(
            (1, 6, 2, 3),
            ((int)json["epoch"]!, (int)json["seed"]!, (int)json["seed_number"]!, (int)json["seeds"]!)
        );
        var text = laptop.Run("monitor", "--host", SshServer.Name).Output;
        Assert.Matches(@"(?m)^epoch +1 of 9, seed 6 \(2 of 3\)$", text);
        var followed = laptop.Run("monitor", "--host", SshServer.Name, "-c").Output;
        Assert.Contains("best so far: epoch 1", followed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repeatedly_disconnected_monitor_shows_every_event_once()
    {
        await using var server = await SshServer.Start(shareConnection: false);
        using var laptop = new Laptop(server);
        var folder = CreateRun(server);
        using var writer = StartWriter(
            folder,
            $"for i in $(seq {Epochs}); do echo \"line $i\" >>remote.log; "
                + "printf '{\"event\":\"step\",\"time\":\"2026-01-01T00:00:00Z\",\"epochs\":99,\"epoch\":%s,"
                + "\"step\":1,\"steps\":2}\\n' $i >>progress.jsonl; "
                + "printf '{\"event\":\"epoch\",\"time\":\"2026-01-01T00:00:00Z\",\"epochs\":99,\"epoch\":%s,"
                + "\"val_uar\":0.4,\"val_accuracy\":0.5,\"best\":true}\\n' $i >>progress.jsonl; "
                + "printf '{\"event\":\"best\",\"time\":\"2026-01-01T00:00:00Z\",\"epochs\":99,\"epoch\":%s}\\n' $i "
                + ">>progress.jsonl; sleep 0.1; done; echo 7 >exit_code"
        );
        using var monitor = laptop.Start("monitor", "--host", SshServer.Name, "-c");
        var error = monitor.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var lines = new List<string>();
        while (await monitor.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            lines.Add(line);
            if (lines.Count is 10 or 30)
                server.CutConnections();
        }
        await monitor.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(monitor.ExitCode == 7, await error);
        Assert.Equal(
            Enumerable
                .Range(1, Epochs)
                .Select(epoch => $"  best so far: epoch {epoch}, val_accuracy 0.5000, UAR 0.4000"),
            lines.Where(line => line.StartsWith("  best", StringComparison.Ordinal))
        );
        // Below the line of the log that was written before.
        foreach (var epoch in Enumerable.Range(1, Epochs))
            Assert.True(
                lines.IndexOf($"line {epoch}")
                    < lines.FindIndex(line => line.Contains($"epoch {epoch}, ", StringComparison.Ordinal)),
                string.Join('\n', lines)
            );
    }

    private static string Epoch(int epoch) =>
        $$"""{"event":"epoch","time":"2026-01-01T00:00:0{{epoch}}Z","epochs":9,"epoch":{{epoch}},"val_uar":0.4,"""
        + $$""" "val_accuracy":0.5,"best":{{(epoch == 1 ? "true" : "false")}}}""";

    // A deployed run's remote files; returns the folder of its logs.
    private static string CreateRun(SshServer server)
    {
        var folder = Path.Combine(server.Home, "attn_crnn_v2");
        foreach (var part in (string[])["sessions", $"logs/{Run}", $"analysis_results/{Run}", $"checkpoints/{Run}"])
            Directory.CreateDirectory(Path.Combine(folder, part));
        File.WriteAllText(Path.Combine(folder, ".attn-crnn"), "");
        File.WriteAllText(Path.Combine(folder, "sessions", "attn_crnn_v2"), $"{Run}\n\n");
        File.WriteAllText(Path.Combine(folder, "analysis_results", Run, "config.json"), "{}");
        return Path.Combine(folder, "logs", Run);
    }

    // A shell in place of the training.
    private static Process StartWriter(string folder, string script) =>
        Process.Start(
            new ProcessStartInfo("sh", ["-c", $"exec 2>/dev/null; echo $$ >pid; {script}", Run])
            {
                WorkingDirectory = folder,
            }
        )!;
}
