using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;

namespace AttnCrnn.Tests.Cli;

/// <summary>Runs the program in the process of the tests.</summary>
internal static class InProcessProgram
{
    /// <summary>The exit code, and what is written to standard output and error.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var code = await Application.RunAsync(arguments, new ConsoleOutput(output, error));
        return (code, output.ToString(), error.ToString());
    }
}
