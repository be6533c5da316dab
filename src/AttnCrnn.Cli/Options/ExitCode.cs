namespace AttnCrnn.Cli.Options;

/// <summary>What the program ends with.</summary>
internal static class ExitCode
{
    public const int Done = 0,
        Failed = 1,
        Usage = 2,
        Refused = 3,
        Interrupted = 130;
}

/// <summary>The command line is wrong: exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>A run was interrupted and can go on: exit code 130, with how.</summary>
internal sealed class InterruptedException(string message) : OperationCanceledException(message);
