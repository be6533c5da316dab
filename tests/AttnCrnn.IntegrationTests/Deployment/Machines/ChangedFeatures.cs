using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.IntegrationTests.Deployment.Machines;

/// <summary>
/// Deployments between which features are extracted again: an interrupted run on the old features, then two runs on
/// the new ones; tests share the results.
/// </summary>
public sealed class ChangedFeatures : IAsyncLifetime
{
    private SshServer? server;
    private Laptop? laptop;
    private string firstRun = "";

    /// <summary>The messages of the first deployment.</summary>
    internal string FirstDeployment { get; private set; } = "";

    /// <summary>The messages of the deployment after the features changed.</summary>
    internal string SecondDeployment { get; private set; } = "";

    /// <summary>The messages of a further deployment of the same features.</summary>
    internal string ThirdDeployment { get; private set; } = "";

    /// <summary>The remote folder of the first features.</summary>
    internal string OldFolder { get; private set; } = "";

    /// <summary>The remote folder of the second features.</summary>
    internal string NewFolder { get; private set; } = "";

    /// <summary>The frames in the old folder after the first deployment.</summary>
    internal byte[] FirstFrames { get; private set; } = [];

    /// <summary>The frames in the old folder after the second deployment.</summary>
    internal byte[] OldFrames { get; private set; } = [];

    /// <summary>The frames in the new folder after the second deployment.</summary>
    internal byte[] NewFrames { get; private set; } = [];

    /// <summary>The text of the new folder's copy of the file that did not change; null if it has none.</summary>
    internal string? NewNotes { get; private set; }

    /// <summary>The remote folders of features at a further upload, when only the first run is unfinished.</summary>
    internal IReadOnlyList<string> FoldersAtUpload { get; private set; } = [];

    /// <summary>The first run resumed thereafter.</summary>
    internal (int Code, string Output, string Error) ResumedDeployment { get; private set; }

    private string RemoteFolder => Path.Combine(server!.Home, "attn_crnn_v2");

    public async ValueTask InitializeAsync()
    {
        server = await SshServer.Start();
        laptop = new Laptop(server);
        await DeployOldFeatures();
        await DeployNewFeatures();
        await DeployAfterCleanup();
    }

    public async ValueTask DisposeAsync()
    {
        laptop?.Dispose();
        if (server is not null)
            await server.DisposeAsync();
    }

    private async Task DeployOldFeatures()
    {
        Extract(clips: 32);
        (firstRun, FirstDeployment) = Deploy("--epochs", "20000", "--patience", "20000");
        Assert.Equal(0, laptop!.Run("stop", "--host", SshServer.Name).Code);
        OldFolder = Assert.Single(ListFolders());
        FirstFrames = await ReadFrames(OldFolder);
    }

    private async Task DeployNewFeatures()
    {
        Extract(clips: 36);
        (var secondRun, SecondDeployment) = Deploy("--epochs", "1");
        await WaitUntilDone(secondRun);
        NewFolder = Assert.Single(ListFolders(), folder => folder != OldFolder);
        OldFrames = await ReadFrames(OldFolder);
        NewFrames = await ReadFrames(NewFolder);
        var notes = Path.Combine(NewFolder, "notes.txt");
        NewNotes = File.Exists(notes) ? await File.ReadAllTextAsync(notes) : null;

        (var thirdRun, ThirdDeployment) = Deploy("--epochs", "2");
        await WaitUntilDone(thirdRun);
    }

    private async Task DeployAfterCleanup()
    {
        // What a deployment of further features does before its upload.
        var next = $"data/{Path.GetFileName(NewFolder)[..^8]}00000000\n";
        await server!.Host.RunAsync(
            Script.Create("record", null, RemoteFolder, "next", "next", "yes", "", "", "", next, ""),
            CancellationToken.None
        );
        FoldersAtUpload = ListFolders();
        ResumedDeployment = laptop!.Deploy("--resume", firstRun, "--name", "again");
    }

    // A store, and beside it a file that never changes.
    private void Extract(int clips)
    {
        var store = laptop!.PathOf("store");
        if (Directory.Exists(store))
            Directory.Delete(store, recursive: true);
        laptop.MakeStore(clips: clips);
        var notes = Path.Combine(store, "notes.txt");
        File.WriteAllText(notes, "the same");
        File.SetLastWriteTimeUtc(notes, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
    }

    private (string Run, string Messages) Deploy(params string[] options)
    {
        var (code, output, error) = laptop!.Deploy(["--", "--data_dirs", "store", .. options]);
        Assert.True(code == 0, error);
        return (RemoteRun.Value(output, "run"), error);
    }

    private async Task WaitUntilDone(string run) =>
        await RemoteRun.WaitUntil(() => File.Exists(Path.Combine(RemoteFolder, "logs", run, "exit_code")));

    private string[] ListFolders() =>
        [.. Directory.GetDirectories(Path.Combine(RemoteFolder, "data")).Order(StringComparer.Ordinal)];

    private static Task<byte[]> ReadFrames(string folder) =>
        File.ReadAllBytesAsync(Directory.GetFiles(folder, "*.safetensors").Single());
}
