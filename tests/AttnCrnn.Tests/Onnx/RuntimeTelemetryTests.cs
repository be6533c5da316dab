using System.Diagnostics;
using AttnCrnn.Onnx;

namespace AttnCrnn.Tests.Onnx;

/// <summary>
/// ONNX Runtime, when its telemetry is on, leaves Microsoft/DeveloperTools/.onnxruntime below the user's cache folder. So a
/// session in a process of its own, with an empty home, must leave that home empty.
/// </summary>
public sealed class RuntimeTelemetryTests
{
    private const string Child = "ATTN_CRNN_TEST_SESSION_CHILD";

    [Fact]
    [Requires("unix")]
    public void A_session_leaves_nothing_in_the_home_or_the_temporary_folder()
    {
        using var home = new TempFolder();
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            ArgumentList =
            {
                "-noLogo",
                "-noColor",
                "-method",
                $"{typeof(RuntimeTelemetryTests).FullName}.{nameof(In_a_process_of_its_own_a_session_runs)}",
            },
            Environment =
            {
                ["HOME"] = home.Path,
                ["TMPDIR"] = home.Path,
                ["XDG_CACHE_HOME"] = home.At(".cache"),
                [Child] = "1",
            },
            RedirectStandardOutput = true,
        };
        start.Environment.Remove("ORT_DISABLE_TELEMETRY");
        using var child = Process.Start(start)!;
        var said = child.StandardOutput.ReadToEnd();
        child.WaitForExit();

        Assert.True(child.ExitCode == 0, said);
        var left = Directory
            .EnumerateFiles(home.Path, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(home.Path, file))
            .Where(file =>
                file.Contains("onnxruntime", StringComparison.Ordinal)
                || file.EndsWith(".ses", StringComparison.Ordinal)
            );
        Assert.Empty(left);
    }

    /// <summary>What the child does; run in the whole suite too, where it is one more session.</summary>
    [Fact]
    public void In_a_process_of_its_own_a_session_runs()
    {
        var graph = new GraphBuilder("sum");
        graph.Output("y", graph.Add(graph.Input("x", 2), graph.Constant("one", [1, 1], 2)), 2);
        using var session = new OnnxSession(graph.ToModel(), threads: 1);
        Assert.Equal([2f, 3f], session.Run(("x", [1, 2], [2])));
        // The runtime's uploader writes its files a moment after its start.
        if (Environment.GetEnvironmentVariable(Child) is not null)
            Thread.Sleep(2000);
    }
}
