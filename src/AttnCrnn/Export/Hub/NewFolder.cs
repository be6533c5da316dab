namespace AttnCrnn.Export.Hub;

/// <summary>
/// A folder that gets its name when it is complete: until then its files are in another one beside it, which is removed
/// if the export fails.
/// </summary>
internal sealed class NewFolder : IDisposable
{
    private readonly string target;

    private NewFolder(string target, string path)
    {
        this.target = target;
        Path = path;
    }

    /// <summary>Where the files are written.</summary>
    public string Path { get; }

    /// <summary>Creates the temporary folder.</summary>
    /// <param name="folder">The folder that is wanted in the end.</param>
    /// <exception cref="InvalidInputException">It is a file, or not empty.</exception>
    /// <exception cref="IOException">The folder above it cannot be written.</exception>
    public static NewFolder Create(string folder)
    {
        RequireEmpty(folder);
        var target = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(folder));
        var parent = System.IO.Path.GetDirectoryName(target)!;
        var path = System.IO.Path.Combine(parent, $".{System.IO.Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
        Directory.CreateDirectory(path);
        return new(target, path);
    }

    /// <summary>Checks that a folder can be written without replacing a file.</summary>
    /// <exception cref="InvalidInputException">It is a file, or not empty.</exception>
    public static void RequireEmpty(string folder)
    {
        if (File.Exists(folder))
            throw new InvalidInputException(folder, "is a file; choose a new folder");
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new InvalidInputException(
                folder,
                "is a folder that is not empty; choose a new one, so that nothing is replaced or published by accident"
            );
    }

    /// <summary>Gives the folder its name.</summary>
    /// <returns>The paths of its files, in alphabetical order.</returns>
    public IReadOnlyList<string> Commit()
    {
        RequireEmpty(target);
        if (Directory.Exists(target))
            Directory.Delete(target);
        Directory.Move(Path, target);
        return [.. Directory.GetFiles(target, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
