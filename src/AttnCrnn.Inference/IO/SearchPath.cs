namespace AttnCrnn.IO;

/// <summary>Finds installed programs. The program and AttnCrnn.Deployment compile this file as well.</summary>
internal static class SearchPath
{
    /// <summary>Path of a program in the folders of PATH; null if it is in none of them.</summary>
    /// <param name="name">File name without the extension that Windows adds.</param>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name))
            .FirstOrDefault(File.Exists);
}
