using System.Diagnostics;

namespace AttnCrnn.IntegrationTests.Samples;

/// <summary>Runs a sample in its own process; the samples are built with the solution.</summary>
internal static class SampleProgram
{
    /// <summary>The start info of a sample; standard output and error are redirected.</summary>
    /// <param name="folder">The working folder.</param>
    public static ProcessStartInfo Prepare(string sample, string folder, params IEnumerable<string> arguments)
    {
        var start = BuiltProgram.Prepare(folder, arguments);
        start.FileName = Repository.Path(
            "samples",
            sample,
            "bin",
            "Release",
            "net10.0",
            OperatingSystem.IsWindows() ? $"{sample}.exe" : sample
        );
        Assert.True(File.Exists(start.FileName), $"the sample {sample} is not built: ./test builds it");
        return start;
    }

    /// <summary>Runs a sample to its end.</summary>
    /// <param name="folder">The working folder.</param>
    public static (int Code, string Output, string Error) Run(
        string sample,
        string folder,
        params IEnumerable<string> arguments
    ) => BuiltProgram.WaitForExit(Process.Start(Prepare(sample, folder, arguments))!)[0];
}
