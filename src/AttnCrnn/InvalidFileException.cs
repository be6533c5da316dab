namespace AttnCrnn;

/// <summary>'This file is not what it says': the one exception of every reader of outside bytes.</summary>
public sealed class InvalidFileException : InvalidInputException
{
    /// <summary>A file that is not what it says, in one line: where, what was found, what was expected, what to do.</summary>
    /// <param name="file">The file's path as the user gave it; for an entry of an archive, <c>archive.npz:entry</c>.</param>
    /// <param name="offset">The byte at which the fault stands, or null where the file as a whole is at fault.</param>
    /// <param name="found">What stands there, as in "a Git LFS pointer".</param>
    /// <param name="expected">What should stand there, as in "RIFF or RF64".</param>
    /// <param name="remedy">What the user can do, as in "fetch the file with git lfs pull".</param>
    public InvalidFileException(string file, long? offset, string found, string expected, string remedy)
        : base($"{file}{(offset is { } at ? $" at byte {at}" : "")}: found {found}, expected {expected}; {remedy}")
    {
        File = file;
        Offset = offset;
        Found = found;
        Expected = expected;
        Remedy = remedy;
    }

    /// <summary>Which file, with the entry where it lies in an archive.</summary>
    public string File { get; }

    /// <summary>Bytes from the file's beginning to what is wrong; null where no one place is.</summary>
    public long? Offset { get; }

    /// <summary>What stands there.</summary>
    public string Found { get; }

    /// <summary>What should stand there.</summary>
    public string Expected { get; }

    /// <summary>What to do.</summary>
    public string Remedy { get; }
}
