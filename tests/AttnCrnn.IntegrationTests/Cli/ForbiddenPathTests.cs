using System.Diagnostics;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>Files in folders that the user may not enter. The superuser may enter all, and gives that up.</summary>
public sealed class ForbiddenPathTests : IDisposable
{
    private readonly TempFolder folder = new();

    public ForbiddenPathTests()
    {
        Directory.CreateDirectory(folder.PathOf("private"));
        WavWriter.Write(folder.PathOf("private/a.wav"), new float[16_000], 16_000);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder.PathOf("private"), UnixFileMode.None);
    }

    public void Dispose()
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(
                folder.PathOf("private"),
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            );
        folder.Dispose();
    }

    [Theory]
    [InlineData("corpus private/a.wav", "private/a.wav: permission denied")]
    [InlineData("corpus private", "private: this user may not read the folder")]
    [InlineData("train --data_dirs private", "private: this user may not read the folder")]
    [InlineData("train --data_dirs private/store", "private/store: permission denied")]
    public void The_permission_is_named(string arguments, string expected)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "setpriv is a program of Linux");
        var (code, error) = Run(arguments);
        Assert.Equal(3, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.DoesNotContain("Access to the path", error, StringComparison.Ordinal);
    }

    private (int Code, string Error) Run(string arguments)
    {
        var start = BuiltProgram.Prepare(folder.Path, arguments.Split(' '));
        if (Environment.UserName == "root")
        {
            start.ArgumentList.Insert(0, "--bounding-set=-dac_override,-dac_read_search");
            start.ArgumentList.Insert(1, start.FileName);
            start.FileName = "setpriv";
        }
        var (code, _, error) = BuiltProgram.WaitForExit(Process.Start(start)!)[0];
        return (code, error);
    }
}
