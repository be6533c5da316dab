namespace AttnCrnn.IO;

/// <summary>
/// Paths in stored tables have <c>/</c> between folders on every system, so that a table written on Windows can be read
/// elsewhere. On Linux and macOS, <c>\</c> is a character of a name like any other and stays.
/// </summary>
internal static class StoredPath
{
    /// <summary>The path as a table stores it.</summary>
    public static string Format(string path) => Format(path, Path.DirectorySeparatorChar);

    /// <summary>The path of a table for this system.</summary>
    public static string Parse(string path) => Parse(path, Path.DirectorySeparatorChar);

    /// <param name="separator">The system's separator.</param>
    internal static string Format(string path, char separator) => path.Replace(separator, '/');

    /// <param name="separator">The system's separator.</param>
    internal static string Parse(string path, char separator) => path.Replace('/', separator);
}
