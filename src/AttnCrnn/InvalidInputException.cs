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

    /// <summary>Creates the exception for an error in a file or folder.</summary>
    /// <param name="file">The path as given by the user, with which the message begins.</param>
    /// <param name="reason">The error and its remedy.</param>
    public InvalidInputException(string file, string reason)
        : base($"{file}: {reason}") => File = file;

    /// <summary>Creates the exception with its cause.</summary>
    /// <param name="message">The error and its remedy.</param>
    /// <param name="inner">The cause.</param>
    public InvalidInputException(string message, Exception inner)
        : base(message, inner) { }

    /// <summary>The invalid file or folder, with which the message begins; null if the message names none.</summary>
    public virtual string? File { get; }

    /// <summary>Whether the error is in this file, or in an entry of this archive.</summary>
    /// <param name="path">The path as it was given to the reader.</param>
    public bool IsIn(string path) =>
        File is { } file && (file == path || file.StartsWith($"{path}:", StringComparison.Ordinal));

    /// <summary>The message for a list of files and their errors, where the path precedes it.</summary>
    internal string MessageWithout(string path) => IsIn(path) ? Message[path.Length..].TrimStart(':', ' ') : Message;
}
