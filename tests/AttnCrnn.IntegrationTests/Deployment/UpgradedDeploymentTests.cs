using System.Text.Json.Nodes;

namespace AttnCrnn.IntegrationTests.Deployment;

/// <summary>A running run is recognized after the local program was upgraded.</summary>
[Requires("sshd")]
public sealed class UpgradedDeploymentTests : IAsyncDisposable
{
    private SshServer? server;
    private Laptop? laptop;
    private string run = "";

    public async ValueTask DisposeAsync()
    {
        laptop?.Dispose();
        if (server is not null)
            await server.DisposeAsync();
    }

    [Fact]
    public async Task The_same_command_recognizes_its_run()
    {
        await StartAsync(configuration => { });
        var (code, output, error) = laptop!.Deploy(RemoteRun.LongTraining);
        Assert.True(code == 0 && RemoteRun.Value(output, "run") == run, error);
        Assert.Contains("is already running", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_training_is_rejected()
    {
        await StartAsync(configuration => { });
        var (code, _, error) = laptop!.Deploy(RemoteRun.OtherTraining);
        Assert.True(code == 3 && error.Contains(run, StringComparison.Ordinal), error);
    }

    [Fact]
    public async Task A_run_with_an_option_that_this_version_lacks_is_another_one()
    {
        await StartAsync(configuration => configuration["option_of_a_newer_version"] = 1);
        Assert.Equal(3, laptop!.Deploy(RemoteRun.LongTraining).Code);
    }

    [Fact]
    public async Task A_stopped_run_is_resumed_with_its_own_configuration()
    {
        await StartAsync(configuration => { });
        var configuration = await ReadConfigurationAsync();
        Assert.Equal(0, laptop!.Run("stop", "--host", SshServer.Name).Code);

        var (code, output, error) = laptop.Deploy(RemoteRun.LongTraining);

        Assert.True(code == 0 && RemoteRun.Value(output, "run") == run, error);
        Assert.Contains("is unfinished: resuming it", error, StringComparison.Ordinal);
        Assert.Equal(configuration, await ReadConfigurationAsync());
        Assert.Equal("of an older version", await File.ReadAllTextAsync(PathOf("logs", "fingerprint")));
    }

    // As an older version would have left it: without an option that this version has, in another order.
    private async Task StartAsync(Action<JsonObject> change)
    {
        server = await SshServer.Start();
        laptop = new Laptop(server);
        laptop.MakeStore();
        run = RemoteRun.DeployLong(laptop);
        // The training has read its configuration then.
        await RemoteRun.WaitUntil(() => File.Exists(PathOf("logs", "progress.jsonl")));
        var configuration = JsonNode.Parse(await ReadConfigurationAsync())!.AsObject();
        var older = new JsonObject(
            configuration
                .Where(field => field.Key != "exact_convolution")
                .Reverse()
                .Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone()))
        );
        Assert.Equal(configuration.Count - 1, older.Count);
        change(older);
        await File.WriteAllTextAsync(PathOf("analysis_results", "config.json"), older.ToJsonString());
        await File.WriteAllTextAsync(PathOf("logs", "fingerprint"), "of an older version");
    }

    private Task<string> ReadConfigurationAsync() => File.ReadAllTextAsync(PathOf("analysis_results", "config.json"));

    private string PathOf(string parent, string file) => Path.Combine(server!.Home, "attn_crnn_v2", parent, run, file);
}
