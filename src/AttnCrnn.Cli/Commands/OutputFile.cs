using AttnCrnn.Cli.Options;
using AttnCrnn.IO;

namespace AttnCrnn.Cli.Commands;

/// <summary>Checks and errors of the file of <c>--out</c>.</summary>
internal static class OutputFile
{
    /// <exception cref="UsageException">The name is empty.</exception>
    public static void RequireName(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
            throw new UsageException("--out: the name is empty; add a file name, or omit the option");
    }

    /// <exception cref="InvalidInputException">The path is a folder.</exception>
    public static void RequireNoFolder(string path)
    {
        if (Directory.Exists(path))
            throw new InvalidInputException(path, "is a folder; choose a file in it with --out");
    }

    /// <summary>Checks that the folder of the file can be written, before hours of work for it.</summary>
    /// <exception cref="UsageException">The name is empty.</exception>
    /// <exception cref="InvalidInputException">The file cannot be written.</exception>
    public static void RequireWritable(string path)
    {
        RequireName(path);
        RequireNoFolder(path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        try
        {
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, $".{Guid.NewGuid():N}.tmp");
            using var file = new FileStream(
                probe,
                FileMode.CreateNew,
                FileAccess.Write,
                FileShare.None,
                bufferSize: 1,
                FileOptions.DeleteOnClose
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CreateError(path, exception);
        }
    }

    /// <summary>Checks the file of a page, as <see cref="RequireWritable"/> does, and its name.</summary>
    /// <exception cref="UsageException">The name is empty, or of another format.</exception>
    /// <exception cref="InvalidInputException">The file cannot be written.</exception>
    public static void RequirePage(string path)
    {
        RequireName(path);
        if (Path.GetExtension(path).ToLowerInvariant() is not (".html" or ".htm"))
            throw new UsageException($"--out: {path}: a page is written, in HTML: choose a name that ends with .html");
        RequireWritable(path);
    }

    /// <summary>The error of a file that could not be written.</summary>
    public static InvalidInputException CreateError(string path, Exception exception) =>
        new(path, $"cannot be written ({FileFailure.Describe(exception)}); choose a writable file with --out");
}
