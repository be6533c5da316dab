namespace AttnCrnn.Formats;

/// <summary>
/// The input cannot be used, and the program refuses it: exit code 3. The message is one line that names what was refused, why,
/// and what to do.
/// </summary>
public class RefusedException : Exception
{
    public RefusedException(string message) : base(message) { }

    public RefusedException(string message, Exception inner) : base(message, inner) { }
}
