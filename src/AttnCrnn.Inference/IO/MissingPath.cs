namespace AttnCrnn.IO;

/// <summary>
/// Why a path is neither a file nor a folder: <c>File.Exists</c> is also false if a folder of the path may not be
/// entered, and for names that are not UTF-8.
/// </summary>
public static class MissingPath
{
    /// <summary>The reason and its remedy, in a few words.</summary>
    /// <param name="path">Neither a file nor a folder by <c>File.Exists</c> and <c>Directory.Exists</c>.</param>
    /// <param name="missing">What to say if nothing is there.</param>
    public static string Describe(string path, string missing) =>
        NameEncoding.IsReplaced(path) ? $"the name is not UTF-8: {NameEncoding.Remedy}"
        : IsForbidden(path) ? "permission denied: this user may not enter a folder of the path; grant the permission"
        : missing;

    private static bool IsForbidden(string path)
    {
        try
        {
            File.GetAttributes(path);
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return true;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException)
        {
            return false;
        }
    }
}
