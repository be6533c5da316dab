using System.Runtime.CompilerServices;

namespace AttnCrnn.Tests;

/// <summary>The clone that these tests were compiled in.</summary>
internal static class Repository
{
    private static readonly string Root = System.IO.Path.GetFullPath(
        System.IO.Path.Combine(ThisFile(), "..", "..", "..")
    );

    /// <summary>A file or folder of the clone, whether it exists or not.</summary>
    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
