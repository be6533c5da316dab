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
internal sealed class UsageException(string message) : Exception(message)
{
    /// <summary>The command whose help describes the arguments; null: the command that was run.</summary>
    public string? Command { get; init; }

    /// <summary>Evaluates arguments of another command, as those after <c>--</c> of deploy.</summary>
    /// <param name="command">The other command, whose help an error refers to.</param>
    /// <exception cref="UsageException">They are invalid.</exception>
    public static T Within<T>(string command, Func<T> evaluate)
    {
        try
        {
            return evaluate();
        }
        catch (UsageException exception)
        {
            throw new UsageException(exception.Message) { Command = command };
        }
    }

    /// <exception cref="UsageException">There are errors; the message lists them all.</exception>
    public static void ThrowIfAny(IReadOnlyList<OptionError> errors)
    {
        var all = new UsageErrors();
        all.Add(errors);
        all.ThrowIfAny();
    }
}

/// <summary>A command was interrupted; the message says how to resume: exit code 130.</summary>
internal sealed class InterruptedException(string message) : OperationCanceledException(message);
