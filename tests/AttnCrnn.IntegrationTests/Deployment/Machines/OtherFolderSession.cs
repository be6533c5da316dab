using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.IntegrationTests.Deployment.Machines;

/// <summary>A folder whose session's name a run in another folder has taken; tests share the results.</summary>
public sealed class OtherFolderSession : IAsyncLifetime
{
    private const string Folder = "ours; $(touch gotcha) 'q'\n;";

    private SshServer? server;
    private Laptop? laptop;

    /// <summary>A deployment into the folder.</summary>
    internal (int Code, string Output, string Error) Deploy { get; private set; }

    /// <summary>The state of the folder's run, which had ended before.</summary>
    internal (int Code, string Output, string Error) Monitor { get; private set; }

    internal (int Code, string Output, string Error) Stop { get; private set; }

    /// <summary>The state of the run in the other folder, after the folder's run was removed.</summary>
    internal (int Code, string Output, string Error) OtherMonitor { get; private set; }

    public async ValueTask InitializeAsync()
    {
        server = await SshServer.Start();
        laptop = new Laptop(server);
        laptop.MakeStore();
        string[] folder = ["--host", SshServer.Name, "--dir", Folder];
        var result = laptop.Deploy("--dir", Folder, "--", "--data_dirs", "store", "--epochs", "1");
        var run = RemoteRun.Value(result.Output, "run");
        await RemoteRun.WaitUntil(() =>
            File.Exists(Path.Combine(server.Home, Folder, "logs", run, "exit_code"))
            && server.Tmux("list-sessions").Length == 0
        );
        RemoteRun.DeployLong(laptop); // in the default folder

        Deploy = laptop.Deploy(["--dir", Folder, .. RemoteRun.LongTraining]);
        Monitor = laptop.Run(["monitor", .. folder]);
        Stop = laptop.Run(["stop", .. folder]);
        var path = Path.Combine(server.Home, Folder);
        await server.Host.RunAsync(
            Script.Create("remove", new TmuxJobRunner(), path, "attn_crnn_v2", run),
            CancellationToken.None
        );
        OtherMonitor = laptop.Run("monitor", "--host", SshServer.Name);
    }

    public async ValueTask DisposeAsync()
    {
        laptop?.Dispose();
        if (server is not null)
            await server.DisposeAsync();
    }
}
