using System.Runtime.CompilerServices;

namespace AttnCrnn.Testing;

/// <summary>The clone that these tests were compiled in.</summary>
internal static class Repository
{
    private static readonly string Root = System.IO.Path.GetFullPath(
        System.IO.Path.Combine(ThisFile(), "..", "..", "..")
    );

    /// <summary>A file or folder of the clone, whether it exists or not.</summary>
    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    /// <summary>The C# files below a folder of the clone without build output, in order.</summary>
    public static IEnumerable<string> SourceFiles(params string[] parts) =>
        Directory
            .EnumerateFiles(Path(parts), "*.cs", SearchOption.AllDirectories)
            .Where(path => !RelativePath(path).Split('/').Any(part => part is "bin" or "obj" or "fixtures"))
            .Order(StringComparer.Ordinal);

    /// <summary>A path as seen from the clone's root, with slashes.</summary>
    public static string RelativePath(string path) => System.IO.Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
