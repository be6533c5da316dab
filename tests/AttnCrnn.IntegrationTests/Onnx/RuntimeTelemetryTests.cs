using System.Diagnostics;
using AttnCrnn.Onnx;

namespace AttnCrnn.IntegrationTests.Onnx;

/// <summary>
/// With telemetry on, ONNX Runtime leaves Microsoft/DeveloperTools/.onnxruntime below the user's cache folder, so a
/// session in a child process with an empty home folder must leave that folder empty.
/// </summary>
public sealed class RuntimeTelemetryTests
{
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
                "-explicit",
                "only",
                "-method",
                $"{typeof(RuntimeTelemetryTests).FullName}.{nameof(Session_in_a_child_process)}",
            },
            Environment =
            {
                ["HOME"] = home.Path,
                ["TMPDIR"] = home.Path,
                ["XDG_CACHE_HOME"] = home.PathOf(".cache"),
            },
            RedirectStandardOutput = true,
        };
        start.Environment.Remove("ORT_DISABLE_TELEMETRY");
        using var child = Process.Start(start)!;
        var output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();

        Assert.True(child.ExitCode == 0, output);
        Assert.Contains("Total: 1, Errors: 0, Failed: 0", output, StringComparison.Ordinal);
        var createdFiles = Directory
            .EnumerateFiles(home.Path, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(home.Path, file))
            .Where(file =>
                file.Contains("onnxruntime", StringComparison.Ordinal)
                || file.EndsWith(".ses", StringComparison.Ordinal)
            );
        Assert.Empty(createdFiles);
    }

    /// <summary>Run by the child process.</summary>
    [Fact(Explicit = true)]
    public async Task Session_in_a_child_process()
    {
        var graph = new GraphBuilder("sum");
        graph.AddOutput("y", graph.Add(graph.AddInput("x", 2), graph.Constant("one", [1, 1], 2)), 2);
        using var session = new OnnxSession(graph.ToModel(), threads: 1);
        Assert.Equal([2f, 3f], session.Run(("x", [1, 2], [2])));
        // The runtime's uploader would write its files within a second of its start. That it writes none cannot be
        // awaited, and a session with telemetry, to compare with, would send some.
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
    }
}
