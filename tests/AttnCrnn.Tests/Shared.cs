using System.Runtime.CompilerServices;

namespace AttnCrnn.Tests;

/// <summary>What lies beside the repository: fixtures that other programs computed, and real speech. A test without it skips with a word.</summary>
internal static class Shared
{
    /// <summary>A file or folder under ../shared/fixtures, or the test is skipped.</summary>
    public static string Fixture(params string[] parts) => Find("fixtures", parts);

    /// <summary>A file or folder under ../shared/datasets, or the test is skipped.</summary>
    public static string Dataset(params string[] parts) => Find("datasets", parts);

    /// <summary>A file or folder under ../shared/models, or the test is skipped.</summary>
    public static string Model(params string[] parts) => Find("models", parts);

    private static string Find(string kind, string[] parts)
    {
        var path = Path.Combine([RepositoryRoot, "..", "shared", kind, .. parts]);
        if (!Path.Exists(path)) Assert.Skip($"{kind}/{string.Join('/', parts)} is absent beside this repository (../shared)");
        return Path.GetFullPath(path);
    }

    /// <summary>The repository's root, from where this source file was compiled.</summary>
    public static string RepositoryRoot { get; } = Path.GetFullPath(Path.Combine(Here(), "..", "..", ".."));

    private static string Here([CallerFilePath] string path = "") => path;
}
