using System.Diagnostics;
using AttnCrnn.Onnx;

namespace AttnCrnn.IntegrationTests.Onnx;

/// <summary>
/// With telemetry on, ONNX Runtime leaves Microsoft/DeveloperTools/.onnxruntime below the user's cache folder, so a
/// session in a child process with an empty home folder must leave that folder empty.
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
        var output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();

        Assert.True(child.ExitCode == 0, output);
        var left = Directory
            .EnumerateFiles(home.Path, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(home.Path, file))
            .Where(file =>
                file.Contains("onnxruntime", StringComparison.Ordinal)
                || file.EndsWith(".ses", StringComparison.Ordinal)
            );
        Assert.Empty(left);
    }

    /// <summary>The child process's test; in a full run, it is just one more session.</summary>
    [Fact]
    public void In_a_process_of_its_own_a_session_runs()
    {
        var graph = new GraphBuilder("sum");
        graph.Output("y", graph.Add(graph.Input("x", 2), graph.Constant("one", [1, 1], 2)), 2);
        using var session = new OnnxSession(graph.ToModel(), threads: 1);
        Assert.Equal([2f, 3f], session.Run(("x", [1, 2], [2])));
        // The runtime's uploader writes its files shortly after its start.
        if (Environment.GetEnvironmentVariable(Child) is not null)
            Thread.Sleep(2000);
    }
}
