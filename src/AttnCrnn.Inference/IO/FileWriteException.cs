namespace AttnCrnn.IO;

/// <summary>A file cannot be written: the disk is full, a quota is exceeded, or the file system is read-only.</summary>
public sealed class FileWriteException : IOException
{
    internal FileWriteException(string path, IOException inner)
        : base($"{path}: cannot be written ({FileFailure.Describe(inner)})", inner)
    {
        HResult = inner.HResult;
        File = path;
    }

    /// <summary>The file.</summary>
    public string File { get; }
}
