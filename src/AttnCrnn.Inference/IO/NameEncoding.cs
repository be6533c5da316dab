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

    /// <summary>One message about folders whose names are not UTF-8, and whose files are therefore not found.</summary>
    /// <param name="root">The folder that was listed.</param>
    /// <param name="folders">At least one folder below it.</param>
    public static string DescribeFolders(string root, IReadOnlyList<string> folders) =>
        $"{root}: {folders.Count} {(folders.Count == 1 ? "folder has a name" : "folders have names")} that "
        + $"{(folders.Count == 1 ? "is" : "are")} not UTF-8, and their files are left out (for example "
        + $"{folders[0]}); {Remedy}";
}
