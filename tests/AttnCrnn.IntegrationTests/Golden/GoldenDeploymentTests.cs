using System.Text.Json.Nodes;
using AttnCrnn.Runs;

namespace AttnCrnn.IntegrationTests.Golden;

/// <summary>Runs deployed by an older version can be monitored, fetched and resumed on their machine.</summary>
[Requires("unix", "sshd")]
public sealed class GoldenDeploymentTests : IAsyncDisposable
{
    private const string Folder = "attn_crnn_v2";

    private readonly GoldenFiles files = new();
    private SshServer? server;
    private Laptop? laptop;

    public async ValueTask DisposeAsync()
    {
        laptop?.Dispose();
        if (server is not null)
            await server.DisposeAsync();
        files.Dispose();
    }

    [Fact]
    public async Task Monitor_output_of_an_older_run_is_unchanged()
    {
        await StartAsync();
        var path = files.PathOf("deployed", "monitor.json");
        var folder = files.PathOf("deployed", "there");
        var expected = JsonNode.Parse(File.ReadAllText(path).Replace(folder, server!.Home, StringComparison.Ordinal))!;
        var actual = JsonNode.Parse(Run("monitor", "--json"))!;
        string[] names =
        [
            "folder",
            "session",
            "run",
            "state",
            "exit_code",
            "fetched",
            "epoch",
            "epochs",
            "has_report",
            "log",
        ];
        foreach (var name in names)
            Assert.Equal(expected[name]!.ToJsonString(), actual[name]!.ToJsonString());
        GoldenAssert.NumbersEqual(expected["best"]!, actual["best"]!, 0);
        Assert.Equal(Names(expected["features"]!), Names(actual["features"]!));
        Assert.Equal(Names(expected["checkpoints"]!).Order(), Names(actual["checkpoints"]!).Order());
    }

    [Fact]
    public async Task Monitor_follows_a_run_to_its_end_and_fetches_it()
    {
        await StartAsync();
        var output = Run("monitor", "-c");
        Assert.Contains("epoch 3/3  loss ", output, StringComparison.Ordinal);
        Assert.Contains("all verified by hash", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fetch_copies_every_file_of_a_run()
    {
        await StartAsync();
        var run = RunOf(Folder);
        Assert.Contains("all verified by hash", Run("fetch"), StringComparison.Ordinal);
        foreach (var part in (string[])["analysis_results", "checkpoints"])
        {
            var folder = Path.Combine(server!.Home, Folder, part, run);
            var paths = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
            Assert.NotEmpty(paths);
            foreach (var path in paths)
            {
                var localPath = laptop!.PathOf(part, run, Path.GetRelativePath(folder, path));
                Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(localPath));
            }
        }
        Assert.True(File.Exists(laptop!.PathOf("logs", run, "remote.log")));
    }

    [Fact]
    public async Task Evaluating_a_fetched_run_reproduces_its_metrics()
    {
        await StartAsync();
        Run("fetch");
        var run = RunOf(Folder);
        var expected = JsonNode.Parse(File.ReadAllText(laptop!.PathOf("analysis_results", run, "metrics.json")))!;
        // Its features are where they came from: deployed.json says so.
        Directory.Delete(Path.Combine(server!.Home, Folder), recursive: true);
        var actual = JsonNode.Parse(Run("evaluate", run, "--json", "--quiet"))!;
        GoldenAssert.EqualJson(expected, actual, GoldenFiles.MetricTolerance);
    }

    [Fact]
    public async Task Stop_reports_that_a_run_had_ended()
    {
        await StartAsync();
        Assert.Contains($"{RunOf(Folder)} had ended with 0", Run("stop"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resuming_a_stopped_remote_run_reproduces_the_reference_weights()
    {
        await StartAsync();
        var run = RunOf("stopped");
        var resumption = laptop!.Deploy("--resume", run, "--name", "stopped");
        Assert.True(resumption.Code == 0, resumption.Error);
        Run("monitor", "-c", "--name", "stopped");
        var log = File.ReadAllText(laptop.PathOf("logs", run, "remote.log"));
        Assert.Equal(2, log.Split("epoch 1/60 ").Length);
        var models = new RunDirectory(laptop.Folder, run).Checkpoints;
        var expected = files.Expected["deployed"]!["stopped"]!;
        Assert.Equal($"{expected["values_sha256"]}", GoldenFiles.WeightsHash(models));
    }

    // The folders here and there as the older program left them.
    private async Task StartAsync()
    {
        server = await SshServer.Start();
        laptop = new Laptop(server);
        files.CopyDeployed(server.Home);
        File.Copy(files.PathOf("deployed", "here", "deploy.json"), laptop.PathOf("deploy.json"));
    }

    private string Run(params string[] arguments)
    {
        var (code, output, error) = laptop!.Run(arguments);
        Assert.True(code == 0, $"{string.Join(' ', arguments)} ended with {code}: {error}");
        return output;
    }

    private string RunOf(string session) =>
        File.ReadLines(Path.Combine(server!.Home, Folder, "sessions", session)).First();

    private static IEnumerable<string> Names(JsonNode list) => list.AsArray().Select(item => $"{item!["name"]}");
}
