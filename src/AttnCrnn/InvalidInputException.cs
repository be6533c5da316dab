namespace AttnCrnn;

/// <summary>
/// The input is invalid or unusable (exit code 3). The message is one line: the input, the reason and the remedy.
/// </summary>
public class InvalidInputException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The error and its remedy.</param>
    public InvalidInputException(string message)
        : base(message) { }

    /// <summary>Creates the exception with its cause.</summary>
    /// <param name="message">The error and its remedy.</param>
    /// <param name="inner">The cause.</param>
    public InvalidInputException(string message, Exception inner)
        : base(message, inner) { }
}
