using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AttnCrnn.IntegrationTests.Cli.Runs;

/// <summary>Runs the built program in its own process.</summary>
internal static class BuiltProgram
{
    /// <summary>The start info, which the caller may change; standard output and error are redirected.</summary>
    /// <param name="folder">The working folder.</param>
    public static ProcessStartInfo Prepare(string folder, params IEnumerable<string> arguments)
    {
        var program = Repository.Path(
            "src",
            "AttnCrnn.Cli",
            "bin",
            "Release",
            "net10.0",
            OperatingSystem.IsWindows() ? "attn-crnn.exe" : "attn-crnn"
        );
        Assert.True(File.Exists(program), "the program is not built: ./test builds it");
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(
            Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")
        );
        return start;
    }

    /// <param name="folder">The working folder.</param>
    /// <param name="variables">Environment variables, as in <c>JOB_COMPLETION_INDEX=2</c>.</param>
    public static Process Start(string folder, IReadOnlyList<string> variables, params string[] arguments)
    {
        var start = Prepare(folder, arguments);
        foreach (var variable in variables)
            start.Environment[variable.Split('=')[0]] = variable.Split('=')[1];
        return Process.Start(start)!;
    }

    /// <summary>Runs the program to its end.</summary>
    /// <param name="folder">The working folder.</param>
    public static (int Code, string Output, string Error) Run(string folder, params string[] arguments) =>
        WaitForExit(Start(folder, [], arguments))[0];

    /// <summary>Waits for parallel processes; their output must fit into a pipe's buffer.</summary>
    public static (int Code, string Output, string Error)[] WaitForExit(params IReadOnlyList<Process> processes) =>
        [
            .. processes.Select(process =>
            {
                using (process)
                {
                    var error = process.StandardError.ReadToEndAsync();
                    var output = process.StandardOutput.ReadToEnd();
                    process.WaitForExit();
                    return (process.ExitCode, output, error.GetAwaiter().GetResult());
                }
            }),
        ];
}
