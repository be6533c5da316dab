using AttnCrnn.Cli.Terminal;
using AttnCrnn.Export;
using AttnCrnn.IO;

namespace AttnCrnn.Cli.Commands;

/// <summary>The files of an export: checked before, and printed after it.</summary>
internal static class ExportOutput
{
    /// <summary>Checks the files before the conversion, and before an archive that took days to train is
    /// overwritten.</summary>
    /// <param name="sources">The files that are exported.</param>
    /// <exception cref="InvalidInputException">A file cannot be an output.</exception>
    public static void Check(string path, IReadOnlyList<string> sources, IModelExporter exporter)
    {
        // Resolved, since one path may be a link to the other.
        var realSources = sources.Select(RealPath.Resolve).ToHashSet(StringComparer.Ordinal);
        foreach (var file in exporter.ListFiles(path))
        {
            var fullPath = Path.GetFullPath(file);
            OutputFile.RequireNoFolder(file);
            if (fullPath.StartsWith("/dev/", StringComparison.Ordinal))
                throw new InvalidInputException(file, "is a device, not a file path; choose a file with --out");
            if (realSources.Contains(RealPath.Resolve(fullPath)))
                throw new InvalidInputException(file, "this is the input file; choose another file with --out");
            // A companion, whose name the user did not give, replaces only the one of an earlier export.
            if (File.Exists(file) && !File.Exists(path))
                throw new InvalidInputException(
                    file,
                    $"exists, and {path}, with which it would be written, does not; move it, or choose another "
                        + "file with --out"
                );
        }
    }

    /// <summary>Writes and prints the files.</summary>
    /// <exception cref="InvalidInputException">A file cannot be written.</exception>
    public static async Task WriteAsync(
        string path,
        IModelExporter exporter,
        Func<Task<ExportResult>> export,
        ConsoleOutput console
    )
    {
        var existingFiles = exporter.ListFiles(path).Where(File.Exists).ToHashSet();
        Print(await ExportAsync(path, export).ConfigureAwait(false), existingFiles, console);
    }

    private static async Task<ExportResult> ExportAsync(string path, Func<Task<ExportResult>> export)
    {
        try
        {
            return await export().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw OutputFile.CreateError(path, exception);
        }
    }

    private static void Print(ExportResult result, HashSet<string> existingFiles, ConsoleOutput console)
    {
        foreach (var file in result.Files)
            console.WriteResult(file);
        foreach (var file in result.Files.Where(existingFiles.Contains))
            console.WriteMessage($"{file}: replaced, the file existed");
        foreach (var notice in result.Notices)
            console.WriteNotice(notice);
    }
}
