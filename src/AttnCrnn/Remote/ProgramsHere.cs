namespace AttnCrnn.Remote;

/// <summary>What this machine must have to reach another one.</summary>
internal static class ProgramsHere
{
    /// <exception cref="RemoteException">Something is missing here.</exception>
    public static void Require(Machine machine)
    {
        NeededProgram[] needed = [new("rsync", "copies", "rsync"), .. machine is RemoteHost ? [new NeededProgram("ssh", "reaches the machine", "openssh-client")] : Array.Empty<NeededProgram>()];
        var lacks = needed.Where(program => !IsHere(program.Name)).Select(program => program.Lack).ToList();
        if (lacks.Count > 0) throw new RemoteException($"here: {string.Join("; ", lacks)}");
    }

    private static bool IsHere(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Any(folder => File.Exists(Path.Combine(folder, name)));
}
