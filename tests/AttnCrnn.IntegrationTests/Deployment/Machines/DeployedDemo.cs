using AttnCrnn.Corpora.Synthetic;

namespace AttnCrnn.IntegrationTests.Deployment.Machines;

/// <summary>The demo corpus, trained on a remote machine and fetched; tests share its results.</summary>
public sealed class DeployedDemo : IAsyncLifetime
{
    private SshServer? server;
    private Laptop? laptop;

    internal (int Code, string Output, string Error) Extract { get; private set; }

    internal (int Code, string Output, string Error) Deploy { get; private set; }

    /// <summary>The monitor that waits for the run and fetches it.</summary>
    internal (int Code, string Output, string Error) Monitor { get; private set; }

    /// <summary>The status of the finished run, as JSON.</summary>
    internal (int Code, string Output, string Error) Status { get; private set; }

    /// <summary>The evaluation of the fetched run, after the remote folder was removed.</summary>
    internal (int Code, string Output, string Error) Evaluate { get; private set; }

    /// <summary>The name of the run.</summary>
    internal string Run { get; private set; } = "";

    internal string PathOf(params string[] parts) => laptop!.PathOf(parts);

    public async ValueTask InitializeAsync()
    {
        server = await SshServer.Start();
        laptop = new Laptop(server);
        DemoCorpus.Generate(laptop.PathOf("d"), speakers: 4, clipsPerEmotion: 1);
        var clips = Path.Combine("d", "clips.csv");
        Extract = laptop.Run("extract", clips, "--encoder", "log-mel", "--out", "features");
        Deploy = laptop.Deploy("--", "--data_dirs", "features", "--epochs", "2", "--copies", "1");
        if (Deploy.Code != 0)
            return;
        Run = RemoteRun.Value(Deploy.Output, "run");
        Monitor = laptop.Run("monitor", "--host", SshServer.Name, "-c");
        Status = laptop.Run("monitor", "--host", SshServer.Name, "--json");
        Directory.Move(Path.Combine(server.Home, "attn_crnn_v2"), Path.Combine(server.Home, "moved"));
        Evaluate = laptop.Run("evaluate", Run, "--json", "--quiet");
    }

    public async ValueTask DisposeAsync()
    {
        laptop?.Dispose();
        if (server is not null)
            await server.DisposeAsync();
    }
}
