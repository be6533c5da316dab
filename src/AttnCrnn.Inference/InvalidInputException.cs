namespace AttnCrnn;

/// <summary>
/// The input is invalid or unusable (exit code 3). The message is one line: the input, the reason and the remedy.
/// </summary>
public class InvalidInputException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The error and its remedy.</param>
    public InvalidInputException(string message)
        : this(OptionText.FromString(message)) { }

    /// <summary>Creates the exception with a message that names options.</summary>
    /// <param name="text">The error and its remedy.</param>
    public InvalidInputException(OptionText text)
        : base(text?.ToString())
    {
        Text = text!;
        ReasonText = text!;
    }

    /// <summary>Creates the exception for an error in a file or folder.</summary>
    /// <param name="file">The path as given by the user, with which the message begins.</param>
    /// <param name="reason">The error and its remedy.</param>
    public InvalidInputException(string file, string reason)
        : this(file, OptionText.FromString(reason)) { }

    /// <summary>Creates the exception for an error in a file or folder, with a reason that names options.</summary>
    /// <param name="file">The path as given by the user, with which the message begins.</param>
    /// <param name="reason">The error and its remedy.</param>
    public InvalidInputException(string file, OptionText reason)
        : this(OptionText.Create($"{file}: {reason}"))
    {
        File = file;
        ReasonText = reason;
    }

    /// <summary>Creates the exception with its cause.</summary>
    /// <param name="message">The error and its remedy.</param>
    /// <param name="inner">The cause.</param>
    public InvalidInputException(string message, Exception inner)
        : base(message, inner)
    {
        Text = message;
        ReasonText = message;
    }

    /// <summary>The message, with the options that it names.</summary>
    public OptionText Text { get; }

    /// <summary>The invalid file or folder, with which the message begins; null if the message names none.</summary>
    public virtual string? File { get; }

    /// <summary>
    /// The error and its remedy, in one line, without <see cref="File"/>: for someone who sent the recording and must
    /// not learn where the server keeps it. Errors of recordings, of encoding and of prediction name no other file.
    /// </summary>
    public string Problem => ReasonText.ToString();

    /// <summary>The error and its remedy without <see cref="File"/>, with the options that they name.</summary>
    internal OptionText ReasonText { get; private protected init; }

    /// <summary>The same error, in a file that it does not name.</summary>
    /// <param name="file">The path as given by the user.</param>
    internal virtual InvalidInputException AddFile(string file) => new(file, Text);

    /// <summary>Whether the error is in this file, or in an entry of this archive.</summary>
    /// <param name="path">The path as it was given to the reader.</param>
    public bool IsIn(string path) =>
        File is { } file && (file == path || file.StartsWith($"{path}:", StringComparison.Ordinal));

    /// <summary>The message for a list of files and their errors, where the path precedes it.</summary>
    internal OptionText TextWithout(string path) =>
        !IsIn(path) ? Text
        : File == path ? ReasonText
        : OptionText.Create($"{File![(path.Length + 1)..]}: {ReasonText}");
}
