using AttnCrnn.Deployment.Jobs;

namespace AttnCrnn.Deployment.Machines;

/// <summary>What this machine must have to reach another one.</summary>
internal static class LocalPrerequisites
{
    /// <exception cref="RemoteException">Something is missing here.</exception>
    public static void Require(Machine machine)
    {
        RequiredProgram[] needed =
        [
            new("rsync", "copies", "rsync"),
            .. machine is RemoteHost
                ? [new RequiredProgram("ssh", "reaches the machine", "openssh-client")]
                : Array.Empty<RequiredProgram>(),
        ];
        var lacks = needed.Where(program => !IsHere(program.Name)).Select(program => program.InstallHint).ToList();
        if (lacks.Count > 0)
            throw new RemoteException($"here: {string.Join("; ", lacks)}");
    }

    private static bool IsHere(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, name)));
}
