namespace AttnCrnn.IntegrationTests.Deployment;

/// <summary>A run that starts from a local model, and what becomes of it; tests share the results.</summary>
public sealed class DeployedInitialModel : IAsyncLifetime
{
    private const string Model = "their $(touch pwned) 'model'.keras";

    private static readonly string[] Line = ["--", "--data_dirs", "store", "--epochs", "1", "--init", Model];

    private SshServer? server;
    private Laptop? laptop;

    /// <summary>The monitor that waits for the run and fetches it.</summary>
    internal (int Code, string Output, string Error) Monitor { get; private set; }

    /// <summary>The fetched log.</summary>
    internal string Log { get; private set; } = "";

    /// <summary>The same command after the run has ended.</summary>
    internal (int Code, string Output, string Error) Again { get; private set; }

    /// <summary>The run resumed in another folder, after its own was removed.</summary>
    internal (int Code, string Output, string Error) Elsewhere { get; private set; }

    /// <summary>The initial models in that folder.</summary>
    internal IReadOnlyList<string> ModelsElsewhere { get; private set; } = [];

    /// <summary>The same command with another file of the model's name.</summary>
    internal (int Code, string Output, string Error) Changed { get; private set; }

    /// <summary>The same command without that file.</summary>
    internal (int Code, string Output, string Error) Missing { get; private set; }

    internal string Home => server!.Home;

    public async ValueTask InitializeAsync()
    {
        server = await SshServer.Start();
        laptop = new Laptop(server);
        laptop.MakeStore();
        var trained = laptop.Run("train", "--data_dirs", "store", "--epochs", "1");
        Assert.True(trained.Code == 0, trained.Error);
        var best = laptop.At("checkpoints", RemoteRun.Value(trained.Output, "run"), "best_attn_crnn_model.keras");
        File.Move(best, laptop.At(Model));

        var run = RemoteRun.Value(laptop.Deploy(Line).Output, "run");
        Monitor = laptop.Run("monitor", "--host", SshServer.Name, "-c");
        Log = await File.ReadAllTextAsync(laptop.At("logs", run, "remote.log"));
        Again = laptop.Deploy(Line);

        Directory.Delete(Path.Combine(Home, "attn_crnn_v2"), recursive: true);
        Elsewhere = laptop.Deploy("--resume", run, "--dir", "elsewhere");
        ModelsElsewhere = Directory.GetFiles(Path.Combine(Home, "elsewhere", "data"), "init-*.keras");

        await File.WriteAllTextAsync(laptop.At(Model), "no model");
        Changed = laptop.Deploy(Line);
        File.Delete(laptop.At(Model));
        Missing = laptop.Deploy(Line);
    }

    public async ValueTask DisposeAsync()
    {
        laptop?.Dispose();
        if (server is not null)
            await server.DisposeAsync();
    }
}
