namespace AttnCrnn.IntegrationTests.Deployment.Machines;

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
    internal (int Code, string Output, string Error) SecondDeployment { get; private set; }

    /// <summary>The run resumed in another folder, after its own was removed.</summary>
    internal (int Code, string Output, string Error) OtherMachine { get; private set; }

    /// <summary>The initial models in that folder.</summary>
    internal IReadOnlyList<string> ModelsOnOtherMachine { get; private set; } = [];

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
        var training = laptop.Run("train", "--data_dirs", "store", "--epochs", "1");
        Assert.True(training.Code == 0, training.Error);
        var best = laptop.PathOf("checkpoints", RemoteRun.Value(training.Output, "run"), "best_attn_crnn_model.keras");
        File.Move(best, laptop.PathOf(Model));

        var run = RemoteRun.Value(laptop.Deploy(Line).Output, "run");
        Monitor = laptop.Run("monitor", "--host", SshServer.Name, "-c");
        Log = await File.ReadAllTextAsync(laptop.PathOf("logs", run, "remote.log"));
        SecondDeployment = laptop.Deploy(Line);

        Directory.Delete(Path.Combine(Home, "attn_crnn_v2"), recursive: true);
        OtherMachine = laptop.Deploy("--resume", run, "--dir", "elsewhere");
        ModelsOnOtherMachine = Directory.GetFiles(Path.Combine(Home, "elsewhere", "data"), "init-*.keras");

        await File.WriteAllTextAsync(laptop.PathOf(Model), "no model");
        Changed = laptop.Deploy(Line);
        File.Delete(laptop.PathOf(Model));
        Missing = laptop.Deploy(Line);
    }

    public async ValueTask DisposeAsync()
    {
        laptop?.Dispose();
        if (server is not null)
            await server.DisposeAsync();
    }
}
