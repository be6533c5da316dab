using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.IntegrationTests.Deployment;

/// <summary>Features are extracted again between two deployments.</summary>
[Requires("sshd")]
public sealed class ChangedFeaturesTests
{
    [Fact]
    public async Task A_run_keeps_its_features_until_done_and_unchanged_files_are_not_resent()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        var remoteFolder = Path.Combine(server.Home, "attn_crnn_v2");
        string[] Folders() =>
            [.. Directory.GetDirectories(Path.Combine(remoteFolder, "data")).Order(StringComparer.Ordinal)];
        string[] Line(params string[] flags) => ["--", "--data_dirs", "store", .. flags];
        async Task Done(string run) =>
            await RemoteRun.Until(() => File.Exists(Path.Combine(remoteFolder, "logs", run, "exit_code")));

        Extract(laptop, 32);
        var first = laptop.Deploy(Line("--epochs", "20000", "--patience", "20000"));
        Assert.True(first.Code == 0 && first.Error.Contains(": 4 files, ", StringComparison.Ordinal), first.Error);
        var unfinished = RemoteRun.Value(first.Output, "run");
        Assert.Equal(0, laptop.Run("stop", "--host", SshServer.Name).Code);
        var kept = Assert.Single(Folders());
        var frames = Frames(kept);

        Extract(laptop, 36);
        var second = laptop.Deploy(Line("--epochs", "1"));
        // Without the unchanged one.
        Assert.True(second.Code == 0 && second.Error.Contains(": 3 files, ", StringComparison.Ordinal), second.Error);
        await Done(RemoteRun.Value(second.Output, "run"));
        var changed = Assert.Single(Folders(), folder => folder != kept);
        Assert.True(File.Exists(Path.Combine(changed, "notes.txt")));
        Assert.Equal(frames, Frames(kept));
        Assert.NotEqual(frames, Frames(changed));

        var third = laptop.Deploy(Line("--epochs", "2"));
        Assert.True(
            third.Code == 0
                && third.Error.Contains($"as data/{Path.GetFileName(changed)}: unchanged", StringComparison.Ordinal),
            third.Error
        );
        await Done(RemoteRun.Value(third.Output, "run"));

        // Before the next features arrive, those of finished runs are deleted; those that an unfinished run needs stay.
        var next = $"data/{Path.GetFileName(changed)[..^8]}00000000\n";
        await server.Host.RunAsync(
            Script.Create("record", null, remoteFolder, "next", "next", "yes", "", "", "", next, ""),
            TestContext.Current.CancellationToken
        );
        Assert.Equal([kept], Folders());
        var resumed = laptop.Deploy("--resume", unfinished, "--name", "again");
        Assert.True(
            resumed.Code == 0 && resumed.Error.Contains("is running in the session again", StringComparison.Ordinal),
            resumed.Error
        );
    }

    // A store, and beside it a file that never changes.
    private static void Extract(Laptop laptop, int clips)
    {
        if (Directory.Exists(laptop.At("store")))
            Directory.Delete(laptop.At("store"), recursive: true);
        laptop.MakeStore(clips: clips);
        File.WriteAllText(laptop.At("store", "notes.txt"), "the same");
        File.SetLastWriteTimeUtc(laptop.At("store", "notes.txt"), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
    }

    private static byte[] Frames(string folder) =>
        File.ReadAllBytes(Directory.GetFiles(folder, "*.safetensors").Single());
}
