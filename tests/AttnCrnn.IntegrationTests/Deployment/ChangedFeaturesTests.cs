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
        async Task WaitUntilDone(string run) =>
            await RemoteRun.WaitUntil(() => File.Exists(Path.Combine(remoteFolder, "logs", run, "exit_code")));

        Extract(laptop, 32);
        var firstDeployment = laptop.Deploy(Line("--epochs", "20000", "--patience", "20000"));
        Assert.True(
            firstDeployment.Code == 0 && firstDeployment.Error.Contains(": 4 files, ", StringComparison.Ordinal),
            firstDeployment.Error
        );
        var runName = RemoteRun.Value(firstDeployment.Output, "run");
        Assert.Equal(0, laptop.Run("stop", "--host", SshServer.Name).Code);
        var oldFolder = Assert.Single(Folders());
        var frames = Frames(oldFolder);

        Extract(laptop, 36);
        var secondDeployment = laptop.Deploy(Line("--epochs", "1"));
        // Without the unchanged one.
        Assert.True(
            secondDeployment.Code == 0 && secondDeployment.Error.Contains(": 3 files, ", StringComparison.Ordinal),
            secondDeployment.Error
        );
        await WaitUntilDone(RemoteRun.Value(secondDeployment.Output, "run"));
        var newFolder = Assert.Single(Folders(), folder => folder != oldFolder);
        Assert.True(File.Exists(Path.Combine(newFolder, "notes.txt")));
        Assert.Equal(frames, Frames(oldFolder));
        Assert.NotEqual(frames, Frames(newFolder));

        var thirdDeployment = laptop.Deploy(Line("--epochs", "2"));
        Assert.True(
            thirdDeployment.Code == 0
                && thirdDeployment.Error.Contains(
                    $"as data/{Path.GetFileName(newFolder)}: unchanged",
                    StringComparison.Ordinal
                ),
            thirdDeployment.Error
        );
        await WaitUntilDone(RemoteRun.Value(thirdDeployment.Output, "run"));

        // Before an upload, features of finished runs are deleted; features that an unfinished run needs are kept.
        var next = $"data/{Path.GetFileName(newFolder)[..^8]}00000000\n";
        await server.Host.RunAsync(
            Script.Create("record", null, remoteFolder, "next", "next", "yes", "", "", "", next, ""),
            TestContext.Current.CancellationToken
        );
        Assert.Equal([oldFolder], Folders());
        var resumedDeployment = laptop.Deploy("--resume", runName, "--name", "again");
        Assert.True(
            resumedDeployment.Code == 0
                && resumedDeployment.Error.Contains("is running in the session again", StringComparison.Ordinal),
            resumedDeployment.Error
        );
    }

    // A store, and beside it a file that never changes.
    private static void Extract(Laptop laptop, int clips)
    {
        if (Directory.Exists(laptop.PathOf("store")))
            Directory.Delete(laptop.PathOf("store"), recursive: true);
        laptop.MakeStore(clips: clips);
        File.WriteAllText(laptop.PathOf("store", "notes.txt"), "the same");
        File.SetLastWriteTimeUtc(
            laptop.PathOf("store", "notes.txt"),
            new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc)
        );
    }

    private static byte[] Frames(string folder) =>
        File.ReadAllBytes(Directory.GetFiles(folder, "*.safetensors").Single());
}
