namespace AttnCrnn.Tests;

/// <summary>Programs of the machine that tests start; those that read them say so with <see cref="RequiresAttribute"/>.</summary>
internal static class SystemProgram
{
    /// <summary>The path of the first of these programs that is in PATH or where the system keeps its daemons.</summary>
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
