namespace AttnCrnn;

/// <summary>
/// The input cannot be used, and the program refuses it: exit code 3. The message is one line that names what was refused, why,
/// and what to do.
/// </summary>
public class InvalidInputException : Exception
{
    /// <summary>Refuses an input.</summary>
    /// <param name="message">What is wrong, and what to do.</param>
    public InvalidInputException(string message)
        : base(message) { }

    /// <summary>Refuses an input, because of another fault.</summary>
    /// <param name="message">What is wrong, and what to do.</param>
    /// <param name="inner">What it was known by.</param>
    public InvalidInputException(string message, Exception inner)
        : base(message, inner) { }
}
