namespace AttnCrnn.IntegrationTests;

/// <summary>System programs that tests start; such tests have <see cref="RequiresAttribute"/>.</summary>
internal static class SystemProgram
{
    /// <summary>The path of the first of these programs in PATH or in the system's folders for daemons.</summary>
    public static string Find(params string[] names)
    {
        var path = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin";
        var folders = path.Split(':', StringSplitOptions.RemoveEmptyEntries);
        var found = names
            .SelectMany(name => folders.Select(folder => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
        Assert.True(found is not null, $"{string.Join(" or ", names)} not found");
        return found;
    }
}
