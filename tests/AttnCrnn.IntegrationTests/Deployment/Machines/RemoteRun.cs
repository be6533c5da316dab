using System.Text.Json;

namespace AttnCrnn.IntegrationTests.Deployment.Machines;

/// <summary>What tests of deployed runs do and ask.</summary>
internal static class RemoteRun
{
    /// <summary>Arguments of a run that does not end by itself.</summary>
    public static readonly string[] LongTraining =
    [
        "--",
        "--data_dirs",
        "store",
        "--epochs",
        "20000",
        "--patience",
        "20000",
    ];

    /// <summary>Arguments of another such run.</summary>
    public static readonly string[] OtherTraining =
    [
        "--",
        "--data_dirs",
        "store",
        "--epochs",
        "10000",
        "--patience",
        "10000",
    ];

    /// <summary>A line of a command's result.</summary>
    public static string Value(string output, string name) =>
        output.Split('\n').First(line => line.StartsWith(name + " ", StringComparison.Ordinal))[name.Length..].Trim();

    /// <summary>Waits for a condition, for a minute at most.</summary>
    public static async Task WaitUntil(Func<bool> happened)
    {
        // Polled, since what other processes do raises no event here.
        for (var attempt = 0; attempt < 600 && !happened(); attempt++)
            await Task.Delay(100);
        Assert.True(happened());
    }

    /// <summary>Shell commands that wait for the removal of a file, for a minute at most.</summary>
    public static string CreateWaitScript(string path) =>
        $"for i in $(seq 600); do [ -e '{path}' ] || break; sleep 0.1; done";

    /// <summary>Shell commands that create a file and wait for its removal.</summary>
    public static string CreateHoldScript(string path) => $"touch '{path}'; {CreateWaitScript(path)}";

    /// <summary>Deploys a run that does not end by itself, and returns its name.</summary>
    public static string DeployLong(Laptop laptop)
    {
        var (code, output, error) = laptop.Deploy(LongTraining);
        Assert.True(code == 0, error);
        return Value(output, "run");
    }

    public static string ExitCodeOf(SshServer server, string run) =>
        File.ReadAllText(Path.Combine(server.Home, "attn_crnn_v2", "logs", run, "exit_code")).Trim();

    public static int EpochOf(Laptop laptop)
    {
        using var status = JsonDocument.Parse(laptop.Run("monitor", "--host", SshServer.Name, "--json").Output);
        return status.RootElement.GetProperty("epoch") is { ValueKind: JsonValueKind.Number } epoch
            ? epoch.GetInt32()
            : 0;
    }
}
