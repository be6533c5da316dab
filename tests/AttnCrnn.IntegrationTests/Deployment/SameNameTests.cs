using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.IntegrationTests.Deployment;

/// <summary>Two runs that were started in the same second have the same name.</summary>
[Requires("sshd")]
public sealed class SameNameTests
{
    private const string Run = "attn_crnn_v2_20260101_000000";

    [Fact]
    public async Task A_run_is_not_fetched_over_another_of_the_same_name()
    {
        await using var server = await SshServer.Start();
        using var laptop = new Laptop(server);
        (int Code, string Output, string Error) Fetch(string folder) =>
            laptop.Run("fetch", Run, "--host", SshServer.Name, "--dir", folder);
        // The same training, so that only the start identifies a run; and a run deployed before starts were recorded.
        await DeployAsync(server, "one", "what both are asked", isNew: true);
        await DeployAsync(server, "two", "what both are asked", isNew: true);
        await DeployAsync(server, "three", "something else", isNew: false);
        File.WriteAllText(Path.Combine(server.Home, "one", "checkpoints", Run, "state"), "of one");
        File.WriteAllText(Path.Combine(server.Home, "two", "checkpoints", Run, "state"), "of two");

        Assert.Equal(0, Fetch("one").Code);
        foreach (var otherRun in (string[])["two", "three"])
        {
            var rejection = Fetch(otherRun);
            Assert.True(
                rejection.Code == 3
                    && rejection.Error.Contains($"the remote run {Run} is different", StringComparison.Ordinal),
                rejection.Error
            );
            Assert.Contains("fetch it in another working folder", rejection.Error, StringComparison.Ordinal);
        }
        Assert.Equal("of one", File.ReadAllText(laptop.PathOf("checkpoints", Run, "state")));

        // The first is resumed elsewhere, from its copy.
        foreach (var part in (string[])["checkpoints", "logs", "analysis_results"])
        foreach (var file in Directory.GetFiles(laptop.PathOf(part, Run)))
        {
            Directory.CreateDirectory(Path.Combine(server.Home, "four", part, Run));
            File.Copy(file, Path.Combine(server.Home, "four", part, Run, Path.GetFileName(file)));
        }
        await DeployAsync(server, "four", "", isNew: false);
        File.WriteAllText(Path.Combine(server.Home, "four", "checkpoints", Run, "state"), "of one, further on");
        var secondFetch = Fetch("four");
        Assert.True(secondFetch.Code == 0, secondFetch.Error);
        Assert.Equal("of one, further on", File.ReadAllText(laptop.PathOf("checkpoints", Run, "state")));
    }

    // The files of a deployed run before it is started.
    private static async Task DeployAsync(SshServer server, string name, string fingerprint, bool isNew)
    {
        var folder = Path.Combine(server.Home, name);
        foreach (var part in (string[])["sessions", "logs", "checkpoints", "analysis_results"])
            Directory.CreateDirectory(Path.Combine(folder, part));
        File.WriteAllText(Path.Combine(folder, ".attn-crnn"), "");
        var record = Script.Create(
            "record",
            null,
            folder,
            "attn_crnn_v2",
            Run,
            isNew ? "yes" : "no",
            fingerprint,
            "{}",
            "",
            "",
            "program"
        );
        await server.Host.RunAsync(record, TestContext.Current.CancellationToken);
    }
}
