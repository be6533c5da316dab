namespace AttnCrnn.Cli.Options;

/// <summary>The exit codes of the program.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int UsageError = 2;
    public const int InvalidInput = 3;
    public const int Interrupted = 130;
}

/// <summary>The command line is invalid: exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>A command was interrupted; the message says how to resume: exit code 130.</summary>
internal sealed class InterruptedException(string message) : OperationCanceledException(message);
