using System.Diagnostics;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>The built program with standard output or error closed by the shell.</summary>
public sealed class ClosedOutputTests : IDisposable
{
    private readonly TempFolder folder = new();

    public ClosedOutputTests() =>
        WavWriter.Write(
            folder.PathOf("a.wav"),
            [.. Enumerable.Range(0, 8000).Select(i => 0.5f * MathF.Sin(i * 0.1f))],
            16_000
        );

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(">&-")]
    [InlineData("2>&-")]
    [InlineData(">&- 2>&-")]
    public void A_closed_stream_does_not_fail_the_command_nor_end_up_in_its_files(string redirection)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "closed streams are recognized on Linux");
        Assert.Equal(0, Run($"corpus a.wav --out clips.csv {redirection}"));
        var lines = File.ReadAllLines(folder.PathOf("clips.csv"));
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("a.wav,", lines[1], StringComparison.Ordinal);
        Assert.Equal(3, Run($"corpus missing.wav {redirection}"));
    }

    private int Run(string arguments)
    {
        var prepared = BuiltProgram.Prepare(folder.Path);
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"exec '{prepared.FileName}' {arguments}"])
        {
            WorkingDirectory = folder.Path,
        };
        start.Environment["DOTNET_ROOT"] = prepared.Environment["DOTNET_ROOT"];
        using var process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
