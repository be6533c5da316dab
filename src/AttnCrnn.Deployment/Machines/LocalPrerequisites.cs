using AttnCrnn.Deployment.Jobs;
using AttnCrnn.IO;

namespace AttnCrnn.Deployment.Machines;

/// <summary>Checks the programs that this machine needs to reach another one.</summary>
internal static class LocalPrerequisites
{
    /// <exception cref="RemoteException">A program is missing.</exception>
    public static void Require(Machine machine)
    {
        RequiredProgram[] requiredPrograms =
        [
            new("rsync", "copies files", "rsync"),
            .. machine is RemoteHost
                ? [new RequiredProgram("ssh", "connects to the machine", "openssh-client")]
                : Array.Empty<RequiredProgram>(),
        ];
        var missing = requiredPrograms
            .Where(program => SearchPath.Find(program.Name) is null)
            .Select(program => program.InstallHint)
            .ToList();
        if (missing.Count > 0)
            throw new RemoteException(OptionText.Create($"this machine: {OptionText.Join("; ", missing)}"));
    }
}
