using System.Diagnostics;
using AttnCrnn.Audio;

namespace AttnCrnn.IntegrationTests.Audio;

/// <summary>Runs ffmpeg, which encodes the recordings of tests.</summary>
internal static class Ffmpeg
{
    /// <summary>Runs it to its end, which must be without errors.</summary>
    public static void Run(params IReadOnlyList<string> arguments)
    {
        using var process = Start(arguments);
        process.StandardOutput.Close();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
    }

    /// <summary>Starts it; standard output and error are redirected.</summary>
    public static Process Start(params IReadOnlyList<string> arguments)
    {
        string[] all = ["-nostdin", "-v", "error", "-y", .. arguments];
        var start = new ProcessStartInfo(FfmpegProcess.Find()!, all)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }
}
