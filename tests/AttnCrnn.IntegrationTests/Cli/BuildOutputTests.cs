using System.Runtime.InteropServices;

namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>The folder of the built program.</summary>
public sealed class BuildOutputTests
{
    /// <summary>Those of all systems would be 786 MB (Directory.Build.targets).</summary>
    [Fact]
    public void Native_libraries_are_those_of_this_machine_alone()
    {
        var folder = Path.GetDirectoryName(BuiltProgram.Prepare(Path.GetTempPath()).FileName)!;
        // A folder may be for both processors of a system, as osx.
        var system =
            OperatingSystem.IsWindows() ? "win"
            : OperatingSystem.IsMacOS() ? "osx"
            : "linux";
        var machine = $"{system}-{RuntimeInformation.OSArchitecture}".ToLowerInvariant();
        var names = Directory.GetDirectories(Path.Combine(folder, "runtimes")).Select(path => Path.GetFileName(path));
        Assert.All(names, name => Assert.StartsWith($"{name}-", $"{machine}-", StringComparison.Ordinal));
        var libraries = Directory
            .GetFiles(folder, "*onnxruntime*", SearchOption.AllDirectories)
            .Where(path => Path.GetFileNameWithoutExtension(path) is "libonnxruntime" or "onnxruntime");
        Assert.Single(libraries);
    }
}
