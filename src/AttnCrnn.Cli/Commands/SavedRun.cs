using AttnCrnn.Cli.Commands.Remote;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Commands;

/// <summary>The configuration of an existing run, also of one that was fetched from another machine.</summary>
internal static class SavedRun
{
    /// <exception cref="InvalidInputException">The run does not exist, or its configuration is damaged.</exception>
    public static RunConfiguration Read(RunDirectory directory, ConsoleOutput console) =>
        directory.ReadConfiguration(console.WriteNotice, values =>
            RemotePaths.MapToLocal(values, Path.Combine(directory.Analysis, RemotePaths.FileName))
        );
}
