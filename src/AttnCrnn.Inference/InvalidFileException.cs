namespace AttnCrnn;

/// <summary>A file is missing, damaged or of the wrong format. Thrown by every reader of external files.</summary>
public sealed class InvalidFileException : InvalidInputException
{
    /// <summary>Builds a one-line message: location, what was found, what was expected, and the remedy.</summary>
    /// <param name="file">The path as given by the user; <c>archive.npz:entry</c> for an archive entry.</param>
    /// <param name="offset">Byte offset of the error, or null if the whole file is invalid.</param>
    /// <param name="found">What was found, for example "a Git LFS pointer".</param>
    /// <param name="expected">What was expected, for example "RIFF or RF64".</param>
    /// <param name="remedy">What the user can do, for example "fetch the file with git lfs pull".</param>
    public InvalidFileException(string file, long? offset, string found, string expected, OptionText remedy)
        : base(
            OptionText.Create(
                $"{file}{(offset is { } value ? $" at byte {value}" : "")}: "
                    + $"found {found}, expected {expected}; {remedy}"
            )
        )
    {
        ArgumentNullException.ThrowIfNull(remedy);
        ReasonText = OptionText.Create(
            $"{(offset is { } position ? $"at byte {position}: " : "")}found {found}, expected {expected}; {remedy}"
        );
        File = file;
        Offset = offset;
        Found = found;
        Expected = expected;
        Remedy = remedy.ToString();
    }

    /// <summary>The file, including the entry name if it is in an archive.</summary>
    public override string File { get; }

    /// <summary>Byte offset of the error from the start of the file; null if it has no single position.</summary>
    public long? Offset { get; }

    /// <summary>What was found.</summary>
    public string Found { get; }

    /// <summary>What was expected.</summary>
    public string Expected { get; }

    /// <summary>What the user can do.</summary>
    public string Remedy { get; }
}
