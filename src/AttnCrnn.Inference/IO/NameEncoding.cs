namespace AttnCrnn.IO;

/// <summary>
/// Names of files and folders that are not UTF-8, as other systems and old archives have them. .NET replaces what it
/// cannot decode by U+FFFD, and finds no file of that name.
/// </summary>
internal static class NameEncoding
{
    /// <summary>What the user can do.</summary>
    public const string Remedy = "rename it, for example with: convmv -f latin1 -t utf8 -r --notest FOLDER";

    private const char Replacement = '\uFFFD';

    /// <summary>Whether a path that does not exist may be that of a file whose name is not UTF-8.</summary>
    public static bool IsReplaced(string path) => path.Contains(Replacement, StringComparison.Ordinal);

    /// <summary>
    /// One message about the folders below a folder whose names are not UTF-8, and whose files are therefore not found;
    /// null: there are none.
    /// </summary>
    public static string? DescribeFolders(string path)
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,

            AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint,

            IgnoreInaccessible = true,
        };
        string[] folders =
        [
            .. Directory
                .EnumerateDirectories(path, "*", options)
                .Where(folder => IsReplaced(folder) && !Directory.Exists(folder)),
        ];
        return folders.Length == 0
            ? null
            : $"{path}: {folders.Length} {(folders.Length == 1 ? "folder has a name" : "folders have names")} that "
                + $"{(folders.Length == 1 ? "is" : "are")} not UTF-8, and their files are left out (for example "
                + $"{folders[0]}); {Remedy}";
    }
}
