namespace AttnCrnn.Testing;

/// <summary>
/// Real speech, which is not in the repository. A test that reads it has the trait <c>Category=Corpora</c> and runs
/// only with <c>./test --corpora DIR</c>.
/// </summary>
internal static class RealCorpora
{
    private const string Variable = "ATTN_CRNN_CORPORA";

    /// <summary>A corpus's folder below the folder of <c>--corpora</c>.</summary>
    /// <param name="name">As in <c>ravdess</c>.</param>
    public static string Path(string name)
    {
        var root = Environment.GetEnvironmentVariable(Variable);
        Assert.False(string.IsNullOrEmpty(root), $"{Variable} is not set: ./test --corpora DIR sets it");
        var path = System.IO.Path.Combine(root, name);
        Assert.True(Directory.Exists(path), $"{path} is missing: --corpora takes a folder that holds {name}");
        return path;
    }
}
