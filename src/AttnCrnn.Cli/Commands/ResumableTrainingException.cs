namespace AttnCrnn.Cli.Commands;

/// <summary>A training failed and can be resumed once the cause is removed.</summary>
/// <param name="command">The command that resumes it.</param>
internal sealed class ResumableTrainingException(string message, string command, int exitCode, Exception inner)
    : Exception(message, inner)
{
    /// <summary>The command that resumes it.</summary>
    public string Command => command;

    /// <summary>The exit code of the failure.</summary>
    public int ExitCode => exitCode;
}
