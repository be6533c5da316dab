using System.Diagnostics;

namespace AttnCrnn.IntegrationTests;

/// <summary>Runs an explicit test in a child process with another instruction set and returns its digest.</summary>
internal static class ChildRun
{
    private const string Target = "ATTN_CRNN_TESTS_DIGEST";

    /// <summary>The settings under which every result must be bit-identical.</summary>
    public static TheoryData<string> Processors =>
        new("DOTNET_EnableAVX512=0", "DOTNET_EnableAVX2=0", "DOTNET_EnableHWIntrinsic=0");

    /// <summary>Called by the explicit test: returns its digest to the parent process.</summary>
    public static void ReturnDigest(string digest)
    {
        var path = Environment.GetEnvironmentVariable(Target);
        Assert.False(
            string.IsNullOrEmpty(path),
            $"{Target} is not set: this is run by {nameof(ChildRun)}.{nameof(Digest)} alone"
        );
        File.WriteAllText(path, digest);
    }

    /// <summary>Runs an explicit test by its full name with a setting such as DOTNET_EnableAVX2=0.</summary>
    public static string Digest(string test, string setting)
    {
        var path = Path.Combine(Path.GetTempPath(), $"attn-crnn-digest-{Guid.NewGuid():N}");
        var parts = setting.Split('=');
        var start = new ProcessStartInfo(
            Environment.ProcessPath!,
            ["-noLogo", "-noColor", "-explicit", "only", "-method", test]
        )
        {
            RedirectStandardOutput = true,
        };
        start.Environment[parts[0]] = parts[1];
        start.Environment[Target] = path;
        try
        {
            using var child = Process.Start(start)!;
            var output = child.StandardOutput.ReadToEnd();
            child.WaitForExit();
            Assert.True(
                child.ExitCode == 0 && File.Exists(path),
                $"{test} with {setting} ended with {child.ExitCode}: {output}"
            );
            return File.ReadAllText(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
