namespace AttnCrnn.Testing;

/// <summary>tests/fixtures: output of reference programs, with the scripts that generate it.</summary>
internal static class Fixtures
{
    /// <summary>A file or folder of tests/fixtures; it is part of the clone, so a missing one fails the test.</summary>
    public static string Path(params string[] parts)
    {
        var path = Repository.Path(["tests", "fixtures", .. parts]);
        if (!System.IO.Path.Exists(path))
            throw new FileNotFoundException($"{path} is missing from this clone: git restore tests/fixtures", path);
        return path;
    }
}
